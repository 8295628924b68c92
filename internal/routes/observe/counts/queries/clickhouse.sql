-- Counts the requests of an access log in ClickHouse. Run it with
--   clickhouse-client --queries-file THIS_FILE > counts.csv
--
-- Fill in: YOUR_TABLE, and the days in YOUR_FIRST_DAY and YOUR_LAST_DAY (2026-11-01).
-- Assumed: the columns timestamp, method, uri, status and host, where uri is the
-- path with its query or the whole address. Rename them in "entry" if your table
-- has other ones.
--
-- Values of query parameters are dropped here, their names are kept. Paths still
-- hold identifiers: treat counts.csv like the log, and delete it after the import.
WITH
  entry AS (
    SELECT method AS verb, uri AS target, toString(status) AS answer, host AS name
    FROM YOUR_TABLE
    WHERE toDate(timestamp) BETWEEN 'YOUR_FIRST_DAY' AND 'YOUR_LAST_DAY'
  ),
  parts AS (
    SELECT
      upper(verb) AS method,
      extract(target, '^[^?#]*') AS path,
      extractAll(extract(target, '[?]([^#]*)'), '(?:^|&)([^&=]+)=') AS names,
      name AS host,
      answer AS status
    FROM entry
    WHERE match(target, '^(/|https?://)')
  )
SELECT
  method,
  path,
  count() AS count,
  host,
  status,
  if(empty(names), '', concat(arrayStringConcat(names, '=&'), '=')) AS query
FROM parts
GROUP BY method, path, host, status, names
ORDER BY method, path, host, status, names
FORMAT CSVWithNames;
