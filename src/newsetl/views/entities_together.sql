SELECT
    first.name AS entity, first.label, second.name AS other, second.label AS other_label,
    count(DISTINCT near.sentence_id) AS sentences,
    count(DISTINCT near.article_id) AS articles,
    min(a.published_date) AS first_published_date,
    max(a.published_date) AS last_published_date,
    near.entity_id, near.other_id
FROM (
    SELECT DISTINCT m.entity_id, o.entity_id AS other_id, m.sentence_id, m.article_id
    FROM mentions m JOIN mentions o USING (sentence_id)
    WHERE m.entity_id <> o.entity_id
) near
JOIN articles a USING (article_id)
JOIN entities first ON first.entity_id = near.entity_id
JOIN entities second ON second.entity_id = near.other_id
GROUP BY ALL
ORDER BY sentences DESC, articles DESC, entity, other, near.entity_id, near.other_id
