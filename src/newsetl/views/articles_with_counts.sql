SELECT
    a.headline, a.published_date, a.source_id, coalesce(a.url, d.uri) AS address, a.authors,
    a.word_count,
    coalesce(m.mentions, 0) AS mentions,
    coalesce(f.figures, 0) AS figures,
    a.is_teaser, a.duplicate_of, a.split_confidence, d.retrieved_at, a.article_id, a.document_id,
    a.run_id
FROM articles a
JOIN documents d USING (document_id)
LEFT JOIN (SELECT article_id, count(*) AS mentions FROM mentions GROUP BY article_id) m
    USING (article_id)
LEFT JOIN (SELECT article_id, count(*) AS figures FROM figures GROUP BY article_id) f
    USING (article_id)
ORDER BY a.published_date, a.document_id, a.position
