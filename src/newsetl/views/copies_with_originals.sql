SELECT
    a.headline, a.source_id, a.published_date, a.published_at, a.duplicate_score AS score,
    first.headline AS original_headline, first.source_id AS original_source_id,
    first.published_date AS original_published_date, first.published_at AS original_published_at,
    a.published_at < first.published_at AS is_earlier,
    a.url, first.url AS original_url, a.article_id, a.duplicate_of, a.run_id
FROM articles a
JOIN articles first ON first.article_id = a.duplicate_of
ORDER BY first.published_date, a.duplicate_of, a.published_at, a.article_id
