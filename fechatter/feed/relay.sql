-- Moves what the outbox holds of these workspaces into their feeds, at dense positions, and returns it; all in one
-- commit. The feeds' locks come first, all of them; the next statement then reads with a fresh snapshot all that was
-- committed meanwhile. p_wait: wait for the locks (3 s at most), which is for a call of one workspace; else feeds that
-- another is relaying are left alone, each with a row that says no more than its workspace. p_most is for each.
-- A session keeps its plans: making them anew, as PostgreSQL would for each list of workspaces, takes half as long as
-- the rest. Where the outbox was last known as empty all plans look alike, whatever they cost with a backlog. So no table
-- may be read from end to end, and what is asked of the outbox is written so that any index which serves leads straight
-- to it: what is next of a workspace is wanted in the order of the one that begins with it, and each that is due is
-- looked for by both its numbers, in no form that could be joined the other way round. As plain equalities they were:
-- the whole outbox was read for each event.
CREATE OR REPLACE FUNCTION relay_v2(p_workspaces bigint[], p_wait boolean, p_most integer)
RETURNS TABLE (workspace_id bigint, epoch bigint, "position" bigint, outbox_id bigint, audience text, chat_id bigint,
               to_user bigint, message_id bigint, type text, body text)
LANGUAGE plpgsql SET lock_timeout = '3s' SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
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
    WITH feed AS (
        SELECT * FROM unnest(ours, heads, epochs) AS u(workspace_id, head, epoch)
    ), due AS MATERIALIZED (
        SELECT next.workspace_id, next.id
          FROM feed f CROSS JOIN LATERAL (
            SELECT o.workspace_id, o.id FROM outbox o WHERE o.workspace_id BETWEEN f.workspace_id AND f.workspace_id
             ORDER BY o.workspace_id, o.id LIMIT p_most) next
    ), moved AS (
        DELETE FROM outbox o USING due d
         WHERE o.workspace_id = ANY (ARRAY[d.workspace_id]) AND o.id BETWEEN d.id AND d.id
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
