SELECT
    q.quote_id, q.text, q.kind, q.cue,
    coalesce(speaker.name, q.speaker_text) AS speaker,
    q.speaker_text, q.speaker_role, employer.name AS speaker_organisation, q.attributed_by,
    s.text AS sentence,
    a.headline, a.published_date, a.source_id, a.url,
    q.rule, q.start_char, q.end_char, q.sentence_id, q.article_id, q.speaker_entity_id,
    q.speaker_org_id, q.run_id
FROM quotes q
JOIN articles a USING (article_id)
LEFT JOIN sentences s USING (sentence_id)
LEFT JOIN entities speaker ON speaker.entity_id = q.speaker_entity_id
LEFT JOIN entities employer ON employer.entity_id = q.speaker_org_id
ORDER BY a.published_date, q.article_id, q.start_char, q.quote_id
