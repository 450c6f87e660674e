SELECT
    date_trunc('month', a.published_date)::DATE AS month_start, e.name AS entity, e.label,
    count(DISTINCT m.article_id) AS articles,
    count(*) AS mentions,
    m.entity_id
FROM mentions m
JOIN articles a USING (article_id)
JOIN entities e USING (entity_id)
WHERE a.published_date IS NOT NULL
GROUP BY ALL
ORDER BY month_start, articles DESC, mentions DESC, entity, m.entity_id
