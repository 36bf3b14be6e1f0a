-- Renews every feed's epoch when this is another PostgreSQL than the one that gave out the cursors (a restored
-- backup, a failover): positions may then stand for other events. Returns whether it did. p_force: always.
CREATE FUNCTION check_epoch_v1(p_force boolean) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    here record;
    known installation%ROWTYPE;
BEGIN
    SELECT s.system_identifier, c.timeline_id AS timeline INTO here
      FROM pg_control_system() s, pg_control_checkpoint() c;
    SELECT * INTO known FROM installation FOR UPDATE;
    IF NOT FOUND THEN
        INSERT INTO installation (system_identifier, timeline) VALUES (here.system_identifier, here.timeline);
        RETURN false;
    END IF;
    IF known.system_identifier = here.system_identifier AND known.timeline = here.timeline AND NOT p_force THEN
        RETURN false;
    END IF;
    UPDATE installation SET system_identifier = here.system_identifier, timeline = here.timeline;
    UPDATE feeds SET epoch = greatest(epoch + 1, extract(epoch from clock_timestamp())::bigint);
    RETURN true;
END
$$;
