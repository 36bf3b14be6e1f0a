-- All that a stream must know of its person, row by row; what the rows mean is in fechatter/feed/standing.py.
-- All of it is of one moment: a STABLE function sees but one snapshot. It is a function so that its plan is kept: to
-- plan this took four times as long as to do it, and thousands of streams ask for it at once.
-- No table is read from end to end, even if the plan was made while it was empty.
CREATE FUNCTION standing_v1(p_session bigint, p_user bigint, p_named bigint[])
RETURNS TABLE (kind text, id bigint, a bigint, b bigint, c bigint, reason text, expires_at timestamptz)
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT CASE WHEN s.ended_at IS NULL AND s.expires_at > clock_timestamp() THEN 'session' ELSE 'session_over' END,
           s.id, NULL::bigint, NULL::bigint, NULL::bigint,
           CASE WHEN s.ended_at IS NULL THEN 'expired' ELSE s.end_reason END, s.expires_at
      FROM sessions s WHERE s.id = p_session AND s.user_id = p_user
    UNION ALL
    SELECT CASE WHEN w.deleted_at IS NULL THEN 'workspace' ELSE 'workspace_left' END, m.workspace_id,
           CASE WHEN w.deleted_at IS NULL THEN m.since ELSE coalesce(w.ended, 0) END, m.public_since,
           m.public_until, NULL, NULL
      FROM workspace_members m JOIN workspaces w ON w.id = m.workspace_id WHERE m.user_id = p_user
    UNION ALL
    SELECT 'workspace_left', d.workspace_id, d.until, NULL, NULL, NULL, NULL
      FROM workspace_departures d WHERE d.user_id = p_user
    UNION ALL
    SELECT CASE WHEN c.deleted_at IS NULL THEN 'chat' ELSE 'chat_left' END, m.chat_id,
           CASE WHEN c.deleted_at IS NULL THEN m.since ELSE coalesce(c.ended, 0) END, c.workspace_id, NULL, NULL, NULL
      FROM chat_members m JOIN chats c ON c.id = m.chat_id WHERE m.user_id = p_user
    UNION ALL
    SELECT 'chat_left', d.chat_id, d.until, c.workspace_id, NULL, NULL, NULL
      FROM chat_departures d JOIN chats c ON c.id = d.chat_id WHERE d.user_id = p_user
    UNION ALL
    SELECT 'feed', f.workspace_id, f.epoch, f.head, f.tail, NULL, NULL
      FROM feeds f
     WHERE f.workspace_id = ANY(
           p_named || ARRAY(SELECT m.workspace_id FROM workspace_members m WHERE m.user_id = p_user))
    UNION ALL
    SELECT 'pending', m.workspace_id, NULL, NULL, NULL, NULL, NULL
      FROM workspace_members m
     CROSS JOIN LATERAL (SELECT FROM outbox o WHERE o.workspace_id = m.workspace_id LIMIT 1) waiting
     WHERE m.user_id = p_user;
END
$$;
