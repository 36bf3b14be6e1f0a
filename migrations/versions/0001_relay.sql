-- Moves what a workspace's outbox holds into its feed, at dense positions, and returns it.
-- The feed's lock comes first; the next statement then reads with a fresh snapshot all that was committed
-- meanwhile. p_wait: wait for the lock (3 s at most), else leave a feed alone that another is relaying.
-- A session keeps the plans that it made while the outbox was empty, where reading all of it looks cheapest; with a
-- backlog that costs thirty times as much. So no table may be read from end to end.
CREATE FUNCTION relay_v1(p_workspace bigint, p_wait boolean, p_most integer)
RETURNS TABLE (epoch bigint, "position" bigint, outbox_id bigint, audience text, chat_id bigint, to_user bigint,
               message_id bigint, type text, body text)
LANGUAGE plpgsql SET lock_timeout = '3s' SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
    feed feeds%ROWTYPE;
BEGIN
    IF p_wait THEN
        SELECT * INTO feed FROM feeds f WHERE f.workspace_id = p_workspace FOR NO KEY UPDATE;
    ELSE
        SELECT * INTO feed FROM feeds f WHERE f.workspace_id = p_workspace FOR NO KEY UPDATE SKIP LOCKED;
    END IF;
    IF NOT FOUND THEN
        RETURN;
    END IF;

    RETURN QUERY
    WITH moved AS (
        DELETE FROM outbox o USING (
            SELECT b.id FROM outbox b WHERE b.workspace_id = p_workspace ORDER BY b.id LIMIT p_most) AS batch
         WHERE o.id = batch.id
     RETURNING o.*
    ), placed AS (
        INSERT INTO events (workspace_id, position, outbox_id, audience, chat_id, to_user, message_id, type, body,
                            created_at)
        SELECT p_workspace, feed.head + row_number() OVER (ORDER BY m.id), m.id, m.audience, m.chat_id, m.to_user,
               m.message_id, m.type, m.body, m.created_at
          FROM moved m
     RETURNING events.position, events.outbox_id, events.audience, events.chat_id, events.to_user,
               events.message_id, events.type, events.body
    ), bumped AS (
        UPDATE feeds f SET head = feed.head + (SELECT count(*) FROM moved)
         WHERE f.workspace_id = p_workspace AND EXISTS (SELECT FROM moved)
    )
    SELECT feed.epoch, p.position, p.outbox_id, p.audience, p.chat_id, p.to_user, p.message_id, p.type,
           p.body
      FROM placed p ORDER BY p.position;
END
$$;
