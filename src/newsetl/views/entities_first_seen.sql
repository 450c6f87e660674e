SELECT
    e.name AS entity, e.label, a.published_date, a.headline, a.source_id, a.url,
    r.started_at AS run_started_at, m.article_id, m.entity_id, m.run_id
FROM mentions m
JOIN articles a USING (article_id)
JOIN entities e USING (entity_id)
JOIN runs r ON r.run_id = m.run_id
QUALIFY row_number() OVER (
    PARTITION BY m.entity_id ORDER BY a.published_date NULLS LAST, m.run_id, m.article_id
) = 1
ORDER BY a.published_date DESC NULLS LAST, r.started_at DESC, entity, m.entity_id
