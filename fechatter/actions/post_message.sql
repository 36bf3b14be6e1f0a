-- Posts a message in one statement that commits by itself, so that a stopped caller never holds the chat's lock.
-- Each statement in here sees a fresh snapshot, and all that decides is checked behind the chat's lock. A CTE would
-- check with the snapshot from before the wait, and let the just-removed post.
-- outcome: created, repeated (client_id again: the message as it is now), session_ended, outside (not a member, if
-- there is such a chat at all), absent (the chat has ended), blocked (a single whose two are apart), read_only,
-- slow_mode (again in retry_after seconds), bad_reply (reply_to is not in this chat).
-- No table is read from end to end, even if a plan was made while it was empty.
CREATE FUNCTION post_message_v2(
    p_session bigint, p_user bigint, p_chat bigint, p_content text, p_client_id text, p_reply_to bigint,
    OUT outcome text, OUT id bigint, OUT seq bigint, OUT content text, OUT reply_to bigint,
    OUT created_at timestamptz, OUT edited_at timestamptz, OUT deleted_at timestamptz, OUT workspace_id bigint,
    OUT retry_after bigint
) LANGUAGE plpgsql SET lock_timeout = '3s' SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
    known messages%ROWTYPE;
    chat_type text;
    is_closed boolean;
    is_read_only boolean;
    pause bigint;
    rules boolean;
    next_post timestamptz;
BEGIN
    -- Who may not post is turned away before the lock: it holds nobody up, writes nothing, and is answered as fast
    -- where there is a chat as where there is none. This look may be out of date; the one behind the lock is not.
    outcome := CASE
        WHEN NOT EXISTS (SELECT FROM sessions s WHERE s.id = p_session AND s.user_id = p_user
                            AND s.ended_at IS NULL AND s.expires_at > now()) THEN 'session_ended'
        WHEN NOT EXISTS (SELECT FROM chat_members m WHERE m.chat_id = p_chat AND m.user_id = p_user) THEN 'outside'
    END;
    IF outcome IS NOT NULL THEN
        RETURN;
    END IF;

    -- After a wait for the lock PostgreSQL computes the new row again, so the time is from behind it too;
    -- it rises with seq even where the clock was set back.
    UPDATE chats c SET last_seq = c.last_seq + 1,
                       active_at = greatest(clock_timestamp(), c.active_at + interval '1 microsecond')
     WHERE c.id = p_chat AND c.deleted_at IS NULL
     RETURNING c.last_seq, c.workspace_id, c.active_at, c.type, c.closed, c.read_only, c.slow_mode
          INTO seq, workspace_id, created_at, chat_type, is_closed, is_read_only, pause;
    IF NOT FOUND THEN
        outcome := 'absent';
        RETURN;
    END IF;

    outcome := CASE
        WHEN NOT EXISTS (SELECT FROM sessions s WHERE s.id = p_session AND s.user_id = p_user
                            AND s.ended_at IS NULL AND s.expires_at > now()) THEN 'session_ended'
        WHEN NOT EXISTS (SELECT FROM chat_members m WHERE m.chat_id = p_chat AND m.user_id = p_user) THEN 'outside'
    END;
    IF outcome IS NULL AND is_closed THEN
        outcome := 'blocked';
    ELSIF outcome IS NULL AND (is_read_only OR pause > 0) THEN
        -- As `can_always_post` in fechatter/permissions.py. A last post in the future is of a clock since set back.
        SELECT m.role IN ('owner', 'admin') OR (chat_type = 'public_channel' AND w.role IN ('owner', 'admin')),
               CASE WHEN m.last_posted_at <= clock_timestamp() THEN m.last_posted_at + pause * interval '1 second' END
          INTO rules, next_post
          FROM chat_members m
          JOIN workspace_members w ON w.workspace_id = post_message_v2.workspace_id AND w.user_id = m.user_id
         WHERE m.chat_id = p_chat AND m.user_id = p_user;
        IF is_read_only AND rules IS NOT TRUE THEN
            outcome := 'read_only';
        END IF;
    END IF;
    IF outcome IS NULL AND p_client_id IS NOT NULL THEN
        SELECT m.* INTO known FROM messages m
         WHERE m.chat_id = p_chat AND m.sender_id = p_user AND m.client_id = p_client_id;
        IF FOUND THEN
            outcome := 'repeated';
            id := known.id;
            content := known.content;
            reply_to := known.reply_to;
            created_at := known.created_at;
            edited_at := known.edited_at;
            deleted_at := known.deleted_at;
        END IF;
    END IF;
    -- Behind the look for a repeat: who sends again has not posted again.
    IF outcome IS NULL AND pause > 0 AND rules IS NOT TRUE AND next_post > clock_timestamp() THEN
        outcome := 'slow_mode';
        retry_after := ceil(extract(epoch FROM next_post - clock_timestamp()));
    END IF;
    IF outcome IS NULL AND p_reply_to IS NOT NULL
       AND NOT EXISTS (SELECT FROM messages m WHERE m.id = p_reply_to AND m.chat_id = p_chat) THEN
        outcome := 'bad_reply';
    END IF;
    IF outcome IS NOT NULL THEN
        UPDATE chats c SET last_seq = c.last_seq - 1, active_at = coalesce(
            (SELECT m.created_at FROM messages m WHERE m.chat_id = p_chat AND m.seq = c.last_seq - 1), c.created_at)
         WHERE c.id = p_chat;
        seq := known.seq;
        RETURN;
    END IF;

    -- The reader's row is locked by whoever moves the pointer; as always the outbox comes after the last lock.
    UPDATE chat_members m SET last_read_seq = seq, last_posted_at = clock_timestamp()
     WHERE m.chat_id = p_chat AND m.user_id = p_user;
    INSERT INTO messages AS m (chat_id, seq, sender_id, content, client_id, reply_to, created_at)
    VALUES (p_chat, seq, p_user, p_content, p_client_id, p_reply_to, created_at)
    RETURNING m.id INTO id;
    content := p_content;
    reply_to := p_reply_to;

    INSERT INTO outbox (workspace_id, audience, chat_id, message_id, type, body)
    VALUES (workspace_id, 'chat', p_chat, id, 'message.created', json_build_object(
        'type', 'message.created', 'workspace_id', workspace_id, 'chat_id', p_chat, 'actor_id', p_user,
        'at', rfc3339(created_at),
        'message', json_build_object(
            'id', id, 'chat_id', p_chat, 'seq', seq, 'sender_id', p_user, 'content', p_content,
            'client_id', p_client_id, 'reply_to', p_reply_to, 'created_at', rfc3339(created_at),
            'edited_at', NULL, 'deleted_at', NULL)));
    outcome := 'created';
END
$$;
