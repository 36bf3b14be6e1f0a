-- Messages as clients see them, which is `message_shape` in fechatter/shapes.py.
CREATE VIEW message_shapes AS
SELECT id, chat_id, seq, sender_id, content, client_id, reply_to, rfc3339(created_at) AS created_at,
       rfc3339(edited_at) AS edited_at, rfc3339(deleted_at) AS deleted_at
  FROM messages;

-- A page of a chat's history as JSON, with what decides whether this person may have it from this session.
-- All of it is of one moment: a STABLE function sees but one snapshot. Where one has no seat no message is looked at,
-- and a chat that is hidden takes the road of one that is not there. It is a function so that its plans are kept:
-- to plan all this took twice as long as to do it.
-- The page ends at p_highest or the newest message; it has up to p_most messages and none below p_lowest.
-- No table is read from end to end, even if a plan was made while it was empty.
CREATE FUNCTION history_v1(
    p_session bigint, p_user bigint, p_chat bigint, p_lowest bigint, p_highest bigint, p_most bigint,
    OUT lives boolean, OUT chat_type text, OUT chat_role text, OUT workspace_role text,
    OUT last_seq bigint, OUT low bigint, OUT high bigint, OUT page text
) LANGUAGE plpgsql STABLE SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    lives := EXISTS (SELECT FROM sessions s WHERE s.id = p_session AND s.user_id = p_user
                        AND s.ended_at IS NULL AND s.expires_at > now());
    IF NOT lives THEN
        RETURN;
    END IF;

    SELECT c.type, m.role, w.role, c.last_seq INTO chat_type, chat_role, workspace_role, last_seq
      FROM chats c
      JOIN workspace_members w ON w.workspace_id = c.workspace_id AND w.user_id = p_user
      LEFT JOIN chat_members m ON m.chat_id = c.id AND m.user_id = p_user
     WHERE c.id = p_chat AND c.deleted_at IS NULL;
    IF chat_role IS NULL THEN
        RETURN;
    END IF;

    high := least(last_seq, p_highest);
    low := greatest(high - p_most + 1, p_lowest);
    SELECT '[' || string_agg(row_to_json(shape)::text, ',') || ']' INTO page
      FROM (SELECT * FROM message_shapes m WHERE m.chat_id = p_chat AND m.seq BETWEEN low AND high ORDER BY m.seq) shape;
END
$$;
