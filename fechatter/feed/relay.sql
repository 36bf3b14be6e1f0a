-- Moves what the outbox holds of these workspaces into their feeds, at dense positions, and returns it; all in one
-- commit. The feeds' locks come first, all of them; the next statement then reads with a fresh snapshot all that was
-- committed meanwhile. p_wait: wait for the locks (3 s at most), which is for a call of one workspace; else feeds that
-- another is relaying are left alone, each with a row that says no more than its workspace. p_most is for each.
-- A session keeps its plans: making them anew, as PostgreSQL would for each list of workspaces, takes half as long as
-- the rest. Where the outbox was last known as empty all plans look alike, whatever they cost with a backlog, so none is
-- left but the good one: neither table nor bitmap is read from end to end, the primary key (workspace_id, id) is the only
-- index that serves, and what moves is in no form that could be joined the other way round (as `=` would be): one range
-- of that index for each workspace.
CREATE OR REPLACE FUNCTION relay_v2(p_workspaces bigint[], p_wait boolean, p_most integer)
RETURNS TABLE (workspace_id bigint, epoch bigint, "position" bigint, outbox_id bigint, audience text, chat_id bigint,
               to_user bigint, message_id bigint, type text, body text)
LANGUAGE plpgsql SET lock_timeout = '3s' SET enable_seqscan = off SET enable_bitmapscan = off
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
    ours bigint[];
    heads bigint[];
    epochs bigint[];
BEGIN
    IF p_wait THEN
        SELECT array_agg(f.workspace_id), array_agg(f.head), array_agg(f.epoch) INTO ours, heads, epochs
          FROM (SELECT * FROM feeds WHERE workspace_id = ANY (p_workspaces) ORDER BY workspace_id
                   FOR NO KEY UPDATE) f;
    ELSE
        SELECT array_agg(f.workspace_id), array_agg(f.head), array_agg(f.epoch) INTO ours, heads, epochs
          FROM (SELECT * FROM feeds WHERE workspace_id = ANY (p_workspaces) FOR NO KEY UPDATE SKIP LOCKED) f;
    END IF;

    RETURN QUERY
    WITH feed AS MATERIALIZED (
        SELECT u.*, batch.*
          FROM unnest(ours, heads, epochs) AS u(workspace_id, head, epoch) CROSS JOIN LATERAL (
            SELECT min(b.id) AS first, max(b.id) AS last FROM (
                SELECT o.id FROM outbox o WHERE o.workspace_id = u.workspace_id ORDER BY o.id LIMIT p_most) b) batch
    ), moved AS (
        DELETE FROM outbox o USING feed f
         WHERE o.workspace_id = ANY (ARRAY[f.workspace_id]) AND o.id BETWEEN f.first AND f.last
     RETURNING o.*
    ), placed AS (
        INSERT INTO events (workspace_id, position, outbox_id, audience, chat_id, to_user, message_id, type, body,
                            created_at)
        SELECT m.workspace_id, f.head + row_number() OVER (PARTITION BY m.workspace_id ORDER BY m.id), m.id,
               m.audience, m.chat_id, m.to_user, m.message_id, m.type, m.body, m.created_at
          FROM moved m JOIN feed f ON f.workspace_id = m.workspace_id
     RETURNING events.workspace_id, events.position, events.outbox_id, events.audience, events.chat_id,
               events.to_user, events.message_id, events.type, events.body
    ), bumped AS (
        UPDATE feeds f SET head = f.head + m.number
          FROM (SELECT m.workspace_id, count(*) AS number FROM moved m GROUP BY m.workspace_id) m
         WHERE f.workspace_id = m.workspace_id
    )
    SELECT p.workspace_id, f.epoch, p.position, p.outbox_id, p.audience, p.chat_id, p.to_user, p.message_id, p.type,
           p.body
      FROM placed p JOIN feed f ON f.workspace_id = p.workspace_id ORDER BY p.workspace_id, p.position;

    IF NOT p_wait THEN
        RETURN QUERY
        SELECT w.id, NULL::bigint, NULL::bigint, NULL::bigint, NULL::text, NULL::bigint, NULL::bigint, NULL::bigint,
               NULL::text, NULL::text
          FROM unnest(p_workspaces) AS w(id) WHERE w.id <> ALL (coalesce(ours, '{}'));
    END IF;
END
$$;
