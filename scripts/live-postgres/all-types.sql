-- A column of each type that PostgreSQL has, and numbers at the limits of their types. Of oid and of domains over numbers
-- and booleans tap-postgres declares strings and sends numbers and booleans.
CREATE SCHEMA kinds;

CREATE TYPE kinds.mood AS ENUM ('sad', 'ok', 'very "happy"');
CREATE TYPE kinds.pair AS (x integer, y text);
CREATE DOMAIN kinds.amount AS numeric(20, 4) CHECK (value > -1e9);
CREATE DOMAIN kinds.counter AS bigint;
CREATE DOMAIN kinds.ratio AS double precision;
CREATE DOMAIN kinds.flag AS boolean;
CREATE DOMAIN kinds.label AS text;

CREATE TABLE kinds.every (
  id bigint PRIMARY KEY,
  c_smallint smallint,
  c_integer integer,
  c_bigint bigint,
  c_boolean boolean,
  c_real real,
  c_double double precision,
  c_numeric numeric,
  c_numeric_scale numeric(20, 4),
  c_money money,
  c_text text,
  c_varchar varchar(80),
  c_char char(8),
  c_name name,
  c_bytea bytea,
  c_bit bit(5),
  c_varbit varbit,
  c_uuid uuid,
  c_date date,
  c_time time,
  c_timetz timetz,
  c_timestamp timestamp,
  c_timestamptz timestamptz,
  c_interval interval,
  c_json json,
  c_jsonb jsonb,
  c_xml xml,
  c_inet inet,
  c_cidr cidr,
  c_macaddr macaddr,
  c_macaddr8 macaddr8,
  c_point point,
  c_line line,
  c_lseg lseg,
  c_box box,
  c_path path,
  c_polygon polygon,
  c_circle circle,
  c_tsvector tsvector,
  c_tsquery tsquery,
  c_int4range int4range,
  c_tstzrange tstzrange,
  c_integers integer[],
  c_texts text[],
  c_timestamps timestamp[],
  c_numerics numeric[],
  c_enum kinds.mood,
  c_pair kinds.pair,
  c_pg_lsn pg_lsn,
  c_oid oid,
  c_amount kinds.amount,
  c_counter kinds.counter,
  c_ratio kinds.ratio,
  c_flag kinds.flag,
  c_label kinds.label
);

INSERT INTO kinds.every VALUES
(
  9223372036854775807, 32767, 2147483647, 9223372036854775807, true, 1.1, 0.1, 12345678901234567890.123456789,
  9999999999999999.9999, 1234.56, E'two\nlines, "quotes" \\ é 😀', 'varchar', 'char', 'name', '\x00ff27', B'10101', B'1',
  '00000000-0000-4000-8000-0000000000ff', '9999-12-31', '23:59:59.999999', '12:34:56.7+05:30', '9999-12-31 23:59:59.999999',
  '2024-02-29 23:59:59.999999+00', '1 year 2 mons 3 days 04:05:06.789', '{"n": 12345678901234567890, "f": 1.50}',
  '{"n": 12345678901234567890, "f": 0.12345678901234567890, "t": "é \" \u2028"}', '<a b="c">&amp;</a>', '10.0.0.1/8', '10.0.0.0/8',
  '08:00:2b:01:02:03', '08:00:2b:01:02:03:04:05', '(1.5,-2)', '{1,2,3}', '[(0,0),(1,1)]', '((0,0),(1,1))', '[(0,0),(1,1)]',
  '((0,0),(1,1),(1,0))', '<(0,0),5>', 'a fat cat', 'fat & cat', '[1,10)', '[2024-01-01 00:00+00,2024-02-01 00:00+00)',
  '{1,2,null}', '{"a,b","\"q\"",NULL,""}', '{"2024-01-01 12:00:00"}', '{1.5,12345678901234567890}', 'very "happy"', '(1,"x y")',
  '16/B374D848', 4294967295, 9999999999999999.5000, 9223372036854775807, 0.1, true, '1.50'
),
(
  -9223372036854775808, -32768, -2147483648, -9223372036854775808, false, -3.4e38, -0.30000000000000004, -0.000000001, -0.0001,
  -0.01, '', '', '', '', '', B'00000', B'', 'ffffffff-ffff-4fff-bfff-ffffffffffff', '0001-01-01', '00:00:00', '00:00:00+00',
  '0001-01-01 00:00:00', '1582-10-10 12:00:00+00', '-1 days', '[]', '{}', '<a/>', '::1', '2001:db8::/32', '00:00:00:00:00:00',
  '00:00:00:00:00:00:00:00', '(0,0)', '{1,0,0}', '[(0,0),(0,1)]', '((0,0),(0,0))', '((0,0),(1,1))', '((0,0))', '<(1,1),0>', '', 'a',
  'empty', 'empty', '{}', '{}', '{}', '{}', 'sad', '(,)', '0/0', 0, -0.0001,
  -9223372036854775808, -1e300, false, ''
);
INSERT INTO kinds.every (id) VALUES (0);

-- What a DECIMAL(38,9) holds, and few doubles do.
CREATE TABLE kinds.long_numbers (id numeric(38, 0) PRIMARY KEY, whole numeric(38, 0), exact numeric(38, 9), free numeric, document jsonb);
INSERT INTO kinds.long_numbers
SELECT g,
  (repeat('9', 29 - g % 20) || '')::numeric * CASE WHEN g % 2 = 0 THEN 1 ELSE -1 END,
  ('12345678901234567890123456789'::numeric + g) + 0.123456789,
  9007199254740993 + g + g::numeric / 1000000000,
  jsonb_build_object('n', 12345678901234567890::numeric * (g + 1), 'f', 0.12345678901234567890 + g, 'list', jsonb_build_array(g, 18446744073709551615))
FROM generate_series(0, 199) AS g;

-- What only text holds.
CREATE TABLE kinds.extremes (id integer PRIMARY KEY, free numeric, double double precision);
INSERT INTO kinds.extremes VALUES
  (1, ('0.' || repeat('0', 60) || '1')::numeric, 1.7976931348623157e308),
  (2, repeat('7', 120)::numeric + 0.5, 5e-324),
  (3, 99999999999999999999999999999999999999, -2.2250738585072014e-308),
  (4, NULL, NULL);
