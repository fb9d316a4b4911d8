-- Keys, texts, timestamps, dates, booleans, numerics and nulls: the same rows every time.
CREATE SCHEMA shop;

CREATE TABLE shop.every_type (
  id bigint PRIMARY KEY,
  code varchar(40) NOT NULL,
  body text,
  padded char(12),
  uid uuid,
  at timestamp,
  at_zone timestamptz,
  at_second timestamp(0),
  day date,
  clock time,
  flag boolean,
  price numeric(14, 4),
  ratio numeric,
  single real,
  double double precision,
  small smallint,
  medium integer,
  document jsonb
);

WITH texts AS (
  SELECT ARRAY[
    '', ' ', '  both  ends  ', 'plain', 'it''s "quoted"', '"', '""', '"""', ',', 'a,b;c', '\', '\N', 'back\slash\', 'NULL', 'null',
    'true', '0', '-1', '1.0', '2024-01-01', E'two\nlines', E'carriage\r\nreturn', E'\r', E'\n', E'tab\there', E'\x01\x1f',
    'Zürich', 'São Paulo', 'Москва', '東京', 'Ελλάδα', 'עברית', '😀👩‍👩‍👧', E'\u2028\u2029', E'\uFEFFbom', E'e\u0301 is not é',
    '{"json": [1, 2]}', '<a href="x">&amp;</a>', repeat('long, "text" ', 3000)
  ] AS list
)
INSERT INTO shop.every_type
SELECT
  CASE g WHEN 1 THEN -9223372036854775808 WHEN 2 THEN 9223372036854775807 WHEN 3 THEN 0 ELSE g * 7919 END,
  'code,' || g,
  CASE WHEN g % 11 <> 0 THEN list[1 + g % array_length(list, 1)] END,
  CASE WHEN g % 13 <> 0 THEN left(md5(g::text), g % 13) END,
  CASE WHEN g % 7 <> 0 THEN md5(g::text)::uuid END,
  CASE WHEN g % 5 <> 0 THEN timestamp '2024-02-29 23:59:59.999999' + (g * 7919 - 15000000) * interval '97 minutes 1.000001 seconds' * 0.01 END,
  CASE WHEN g % 6 <> 0 THEN timestamptz '2024-03-31 02:30:00+02' + g * interval '13 hours 0.000123 seconds' END,
  CASE g WHEN 4 THEN timestamp '0001-01-01 00:00:00' WHEN 5 THEN timestamp '9999-12-31 23:59:59' WHEN 6 THEN timestamp '1582-10-10 12:00:00'
    WHEN 7 THEN timestamp '1969-12-31 23:59:59' ELSE date '1900-01-01' + g * interval '8 days 1 second' END,
  CASE g WHEN 4 THEN date '0001-01-01' WHEN 5 THEN date '9999-12-31' WHEN 6 THEN date '1582-10-15' WHEN 8 THEN NULL
    ELSE date '1850-01-01' + g * 17 END,
  CASE WHEN g % 9 <> 0 THEN time '00:00:00' + g * interval '17.25 seconds' END,
  CASE g % 3 WHEN 0 THEN true WHEN 1 THEN false END,
  CASE WHEN g % 4 <> 0 THEN (g - 2000) * 12345.6789 END,
  CASE WHEN g % 10 <> 0 THEN (g * 1.000000007 - 3) / 1024 END,
  CASE WHEN g % 8 <> 0 THEN (g - 1000) * 1.1 END,
  CASE g WHEN 9 THEN 1.7976931348623157e308 WHEN 10 THEN 5e-324 WHEN 11 THEN -0.1 ELSE sqrt(g) * 1e10 END,
  CASE g WHEN 12 THEN -32768 WHEN 13 THEN 32767 WHEN 14 THEN NULL ELSE g % 30000 END,
  CASE g WHEN 12 THEN -2147483648 WHEN 13 THEN 2147483647 WHEN 14 THEN NULL ELSE g * -31 END,
  CASE WHEN g % 2 = 0 THEN jsonb_build_object('n', g, 'list', jsonb_build_array(g, 'é "q"', null, true), 'text', list[1 + g % 30]) END
FROM generate_series(1, 5000) AS g, texts;

CREATE TABLE shop.composite_key (
  first text,
  second text,
  number integer,
  label text,
  PRIMARY KEY (first, second, number)
);

INSERT INTO shop.composite_key
SELECT left('a,b,c', 1 + g % 5), substr('a,b,c,a,b', 1 + g % 3), g / 15, 'row ' || g
FROM generate_series(0, 1499) AS g;

CREATE TABLE shop.all_null (id integer PRIMARY KEY, body text, at timestamp, flag boolean, amount numeric);
INSERT INTO shop.all_null (id) SELECT g FROM generate_series(1, 1000) AS g;
