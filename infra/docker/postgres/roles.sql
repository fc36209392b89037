-- Runs once, when the server's volume is empty: one role per kind of process, and the database they share.
-- Schemas, tables and their grants come from the migrations, which run as oo_owner.
\getenv owner_password OO_DB_OWNER_PASSWORD
\getenv api_password OO_DB_API_PASSWORD
\getenv ml_password OO_DB_ML_PASSWORD
\getenv reader_password OO_DB_READER_PASSWORD
CREATE ROLE oo_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE oo_api LOGIN PASSWORD :'api_password';
CREATE ROLE oo_ml LOGIN PASSWORD :'ml_password';
CREATE ROLE oo_reader LOGIN PASSWORD :'reader_password';
CREATE DATABASE oo OWNER oo_owner;
REVOKE ALL ON DATABASE oo FROM PUBLIC;
GRANT CONNECT ON DATABASE oo TO oo_owner, oo_api, oo_ml, oo_reader;
