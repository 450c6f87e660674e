SELECT
    r.role_id, coalesce(person.name, r.person_text) AS person, r.role,
    coalesce(organisation.name, r.org_text) AS organisation, r.former, r.text AS evidence,
    a.headline, a.published_date, a.source_id, a.url,
    r.rule, r.start_char, r.end_char, r.sentence_id, r.article_id, r.person_entity_id,
    r.org_entity_id, r.run_id
FROM roles r
JOIN articles a USING (article_id)
LEFT JOIN entities person ON person.entity_id = r.person_entity_id
LEFT JOIN entities organisation ON organisation.entity_id = r.org_entity_id
ORDER BY a.published_date, r.article_id, r.start_char, r.role_id
