-- Counts the requests in the access logs of an Application Load Balancer with
-- Amazon Athena. Save the result as CSV.
--
-- Fill in: YOUR_DATABASE.YOUR_ALB_TABLE, and the days in YOUR_FIRST_DAY and
-- YOUR_LAST_DAY (2026-11-01).
-- Assumed: the columns of the table that the Athena documentation creates for
-- these logs: time (ISO 8601 text), request_verb, request_url (the whole address)
-- and elb_status_code. Rename them in "entry" if your table has other ones, and
-- add your partitions to its WHERE so that less is read.
--
-- Values of query parameters are dropped here, their names are kept. Paths still
-- hold identifiers: treat counts.csv like the log, and delete it after the import.
WITH entry AS (
  SELECT request_verb AS verb, request_url AS target, CAST(elb_status_code AS varchar) AS answer
  FROM YOUR_DATABASE.YOUR_ALB_TABLE
  WHERE substr(time, 1, 10) BETWEEN 'YOUR_FIRST_DAY' AND 'YOUR_LAST_DAY'
), parts AS (
  SELECT
    upper(verb) AS method,
    coalesce(nullif(regexp_extract(target, '^[a-z]+://[^/?#]+([^?#]*)', 1), ''), '/') AS path,
    array_join(
      regexp_extract_all(coalesce(regexp_extract(target, '[?]([^#]*)', 1), ''), '(?:^|&)([^&=]+)=', 1), '=&') AS names,
    regexp_extract(target, '^[a-z]+://(?:[^/?#@]*@)?([^/?#]+)', 1) AS host,
    answer AS status
  FROM entry
  WHERE verb <> '-' AND target IS NOT NULL
)
SELECT
  method,
  path,
  count(*) AS count,
  host,
  status,
  if(names = '', '', concat(names, '=')) AS query
FROM parts
GROUP BY method, path, host, status, names
ORDER BY method, path, host, status, names;
