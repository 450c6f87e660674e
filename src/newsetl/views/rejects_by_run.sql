SELECT
    met.run_id, met.started_at AS run_started_at, j.step, j.reason, j.what, j.place, j.fix,
    j.retryable, j.source_id, j.uri,
    j.run_id = met.run_id AS is_new,
    j.reject_id, j.document_id, j.article_id
FROM (SELECT run_id, started_at, unnest(reject_ids) AS reject_id FROM runs) met
JOIN rejects j USING (reject_id)
ORDER BY met.run_id DESC, j.step, j.reason, j.uri, j.reject_id
