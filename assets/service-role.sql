-- The role that the services log in as (database.applicationUsername), with the password of its secret, and what it may do.
-- Run by `npx cdk-oky-backend database role`, which can be repeated: it sets the password and all rights again.
DO $$
DECLARE
  name text := current_setting('oky.application_username');
  place text := current_setting('oky.schema');
BEGIN
  IF name = '' THEN
    RAISE EXCEPTION 'there is no role for the services: set database.applicationUsername, deploy, and run this again';
  END IF;
  IF to_regnamespace(quote_ident(place)) IS NULL THEN
    RAISE EXCEPTION 'the schema % does not exist: create the tables first', place;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
    EXECUTE format('CREATE ROLE %I LOGIN', name);
  END IF;
  EXECUTE format('ALTER ROLE %I LOGIN PASSWORD %L', name, current_setting('oky.application_password'));
  EXECUTE format('ALTER ROLE %I SET search_path TO %I, public', name, place);
  EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', place, name);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO %I', place, name);
  EXECUTE format('GRANT USAGE ON ALL SEQUENCES IN SCHEMA %I TO %I', place, name);
  -- For tables and sequences that later SQL files make. It holds for what the master user makes, who runs this and those files.
  EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO %I', place, name);
  EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT USAGE ON SEQUENCES TO %I', place, name);
  -- Which SQL files were applied is not for the services to say.
  IF to_regclass(format('%I.applied_sql_files', place)) IS NOT NULL THEN
    EXECUTE format('REVOKE ALL ON %I.applied_sql_files FROM %I', place, name);
  END IF;
  RAISE NOTICE 'the role % has its password and its rights', name;
END $$;
