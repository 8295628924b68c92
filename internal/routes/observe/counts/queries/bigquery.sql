-- Counts the requests of a load balancer whose logs Cloud Logging exports to
-- BigQuery. Save the result as CSV.
--
-- Fill in: YOUR_PROJECT.YOUR_DATASET.YOUR_TABLE (often requests, or _AllLogs of a
-- linked dataset), and the days in YOUR_FIRST_DAY and YOUR_LAST_DAY (2026-11-01).
-- Assumed: the columns timestamp and httpRequest, a record with requestMethod,
-- requestUrl (the whole address) and status. In a linked dataset the record is
-- called http_request with request_method, request_url and status: rename them
-- in "entry".
--
-- Values of query parameters are dropped here, their names are kept. Paths still
-- hold identifiers: treat counts.csv like the log, and delete it after the import.
WITH entry AS (
  SELECT
    httpRequest.requestMethod AS verb,
    httpRequest.requestUrl AS target,
    CAST(httpRequest.status AS STRING) AS answer
  FROM `YOUR_PROJECT.YOUR_DATASET.YOUR_TABLE`
  WHERE DATE(timestamp) BETWEEN 'YOUR_FIRST_DAY' AND 'YOUR_LAST_DAY'
), parts AS (
  SELECT
    UPPER(verb) AS method,
    COALESCE(NULLIF(REGEXP_EXTRACT(target, r'^[a-z]+://[^/?#]+([^?#]*)'), ''), '/') AS path,
    ARRAY_TO_STRING(
      REGEXP_EXTRACT_ALL(COALESCE(REGEXP_EXTRACT(target, r'[?]([^#]*)'), ''), r'(?:^|&)([^&=]+)='), '=&') AS names,
    REGEXP_EXTRACT(target, r'^[a-z]+://(?:[^/?#@]*@)?([^/?#]+)') AS host,
    answer AS status
  FROM entry
  WHERE verb IS NOT NULL AND target IS NOT NULL
)
SELECT
  method,
  path,
  COUNT(*) AS count,
  host,
  status,
  IF(names = '', '', CONCAT(names, '=')) AS query
FROM parts
GROUP BY method, path, host, status, names
ORDER BY method, path, host, status, query;
