SELECT
    m.mention_id, m.text, m.label, e.name AS entity,
    s.text AS sentence,
    s.part,
    a.headline, a.published_date, a.source_id, a.url,
    m.rule, m.start_char, m.end_char, m.sentence_id, m.article_id, m.entity_id, m.run_id
FROM mentions m
JOIN articles a USING (article_id)
LEFT JOIN sentences s USING (sentence_id)
LEFT JOIN entities e USING (entity_id)
ORDER BY a.published_date, m.article_id, m.start_char, m.mention_id
