-- Counts the requests of an access log with DuckDB and writes counts.csv.
--
-- Fill in: YOUR_LOG_FILES, a file or a pattern such as logs/*.json (.gz is fine).
-- Assumed: one JSON object in a line with the fields method, uri, status and host,
-- where uri is the path with its query or the whole address. Rename them in
-- "columns" and in "entry" if your log has other ones. For a CSV file write
--   read_csv('YOUR_LOG_FILES', header = true, all_varchar = true)
-- in place of read_json(...).
--
-- Values of query parameters are dropped here, their names are kept. Paths still
-- hold identifiers: treat counts.csv like the log, and delete it after the import.
COPY (
  WITH entry AS (
    SELECT method AS verb, uri AS target, status AS answer, host AS name
    FROM read_json('YOUR_LOG_FILES', format = 'newline_delimited', ignore_errors = true,
      columns = {method: 'VARCHAR', uri: 'VARCHAR', status: 'VARCHAR', host: 'VARCHAR'})
  ), parts AS (
    SELECT upper(verb) AS method,
      regexp_extract(target, '^[^?#]*') AS path,
      regexp_extract_all(regexp_extract(target, '[?]([^#]*)', 1), '(?:^|&)([^&=]+)=', 1) AS names,
      name AS host,
      answer AS status
    FROM entry
    WHERE verb IS NOT NULL AND regexp_matches(target, '^(/|https?://)')
  )
  SELECT method, path, count(*) AS count, host, status,
    CASE WHEN len(names) > 0 THEN array_to_string(names, '=&') || '=' ELSE '' END AS query
  FROM parts
  GROUP BY ALL
  ORDER BY ALL
) TO 'counts.csv' (HEADER, DELIMITER ',');
