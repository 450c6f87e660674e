SELECT
    f.figure_id, f.text, f.kind, f.value, f.value_low, f.value_high, f.bound, f.unit, f.per,
    f.change, f.role, f.modality, f.measures,
    owner.name AS entity,
    s.text AS sentence,
    s.part,
    coalesce(named.organisations, []) AS organisations,
    a.headline, a.published_date, a.source_id, a.url, a.is_teaser,
    f.rule, f.start_char, f.end_char, f.sentence_id, f.article_id, f.entity_id, f.run_id
FROM figures f
JOIN articles a USING (article_id)
LEFT JOIN sentences s USING (sentence_id)
LEFT JOIN entities owner ON owner.entity_id = f.entity_id
LEFT JOIN (
    SELECT m.sentence_id, list(DISTINCT e.name ORDER BY e.name) AS organisations
    FROM mentions m JOIN entities e USING (entity_id)
    WHERE m.label = 'ORG' GROUP BY m.sentence_id
) named USING (sentence_id)
ORDER BY a.published_date, f.article_id, f.start_char, f.figure_id
