-- 40,000 people, 10,000 workspaces, 20,000 chats, 200,000 messages, 50,000 events: enough for PostgreSQL to want
-- indexes. Person 1 is in the first workspace, where 40 chats and most events are; chat 1 has 40,000 messages.
-- The foreign keys of the two largest tables come behind their rows, for speed.
INSERT INTO users (id, email, email_key, name, password_hash)
SELECT n, n || '@example.org', n || '@example.org', 'Person ' || n, '-' FROM generate_series(1, 40000) n;
INSERT INTO sessions (id, user_id, nonce, device, expires_at)
SELECT n, (n - 1) % 4000 + 1, '\x00', 'test', now() + interval '1 day' FROM generate_series(1, 8000) n;
INSERT INTO tickets (hash, session_id, user_id, expires_at)
SELECT sha256(n::text::bytea), n, n, now() + interval '30 seconds' FROM generate_series(1, 4000) n;
INSERT INTO mailed_tokens (hash, user_id, purpose, email_key, expires_at)
SELECT sha256(n::text::bytea), n, 'reset', n || '@example.org', now() + interval '1 hour' FROM generate_series(1, 20000) n;
INSERT INTO mails (kind, email, due_at)
SELECT 'reset', n || '@example.org', now() + n * interval '1 second' FROM generate_series(-5, 20000) n;
INSERT INTO push_subscriptions (id, user_id, session_id, endpoint, p256dh, auth, created_at)
SELECT n, n, n, 'https://push.example.org/' || n, '\x00', '\x00', now() - interval '1 hour' FROM generate_series(1, 4000) n;
INSERT INTO pushes (subscription_id, chat_id, message_id, seq, created_at, sent_at)
SELECT n % 4000 + 1, n % 20000 + 1, n, 1, now(), CASE WHEN n > 100 THEN now() - interval '1 hour' END
  FROM generate_series(1, 40000) n;
INSERT INTO workspaces (id, name, slug, member_count)
SELECT n, 'Workspace ' || n, 'workspace-' || n, 4 FROM generate_series(1, 10000) n;
INSERT INTO push_cursors (workspace_id) SELECT n FROM generate_series(1, 10000) n;
INSERT INTO feeds (workspace_id, epoch) SELECT n, 1 FROM generate_series(1, 10000) n;
INSERT INTO workspace_members (workspace_id, user_id, role, since)
SELECT 1, n, CASE n WHEN 1 THEN 'owner' ELSE 'member' END, 1 FROM generate_series(1, 20) n
 UNION ALL
SELECT w, (w * 4 + n) % 40000 + 1, 'member', 1 FROM generate_series(2, 10000) w, generate_series(0, 3) n;
INSERT INTO workspace_departures (workspace_id, user_id, until)
SELECT w, (w + 2000) % 4000 + 1, 1 FROM generate_series(1, 10000) w;
INSERT INTO invites (workspace_id, token_hash, role, created_by, expires_at)
SELECT n, sha256(n::text::bytea), 'member', 1, now() + interval '1 day' FROM generate_series(1, 4000) n;
INSERT INTO chats (id, workspace_id, type, name, name_key, created_by, member_count, last_seq)
SELECT n, CASE WHEN n <= 40 THEN 1 ELSE n % 9999 + 2 END, CASE n % 4 WHEN 0 THEN 'group' ELSE 'public_channel' END,
       'channel ' || n, CASE WHEN n % 4 > 0 THEN 'channel ' || n END, 1, 4, CASE n WHEN 1 THEN 40000 ELSE 8 END
  FROM generate_series(1, 20000) n;
ALTER TABLE chat_members DROP CONSTRAINT chat_members_chat_id_fkey, DROP CONSTRAINT chat_members_user_id_fkey;
INSERT INTO chat_members (chat_id, user_id, role, since, last_read_seq)
SELECT c.id, m.user_id, CASE m.user_id WHEN 1 THEN 'owner' ELSE 'member' END, 1, 0
  FROM chats c JOIN workspace_members m ON m.workspace_id = c.workspace_id;
INSERT INTO chat_departures (chat_id, user_id, until)
SELECT n, (n + 1000) % 4000 + 1, 1 FROM generate_series(1, 10000) n;
ALTER TABLE messages DROP CONSTRAINT messages_chat_id_fkey, DROP CONSTRAINT messages_sender_id_fkey;
INSERT INTO messages (chat_id, seq, sender_id, content, client_id)
SELECT c.id, n, n % 4 + 1, 'Hello ' || n, CASE n % 2 WHEN 0 THEN 'client ' || n END
  FROM chats c CROSS JOIN LATERAL generate_series(1, c.last_seq) n ORDER BY c.id, n;
INSERT INTO events (workspace_id, position, outbox_id, audience, chat_id, to_user, message_id, type, body, created_at)
SELECT w, n, n, CASE n % 50 WHEN 0 THEN 'workspace' WHEN 1 THEN 'user' ELSE 'chat' END,
       CASE WHEN n % 50 <> 0 THEN n % 40 + 1 END, CASE n % 50 WHEN 1 THEN n / 50 % 20 + 1 END,
       CASE WHEN n % 50 > 1 THEN w * 100000 + n END, 'message.created', '{"type": "message.created"}', now()
  FROM generate_series(1, 10000) w CROSS JOIN LATERAL generate_series(1, CASE w WHEN 1 THEN 30000 ELSE 2 END) n;
UPDATE feeds f SET head = CASE workspace_id WHEN 1 THEN 30000 ELSE 2 END;
INSERT INTO outbox (workspace_id, audience, type, body)
SELECT n % 500 + 2, 'workspace', 'workspace.updated', '{}' FROM generate_series(1, 20000) n;
INSERT INTO user_changes (user_id, kind) SELECT n % 4000 + 1, 'workspace_joined' FROM generate_series(1, 20000) n;
SELECT setval(pg_get_serial_sequence(t, 'id'), 1000000)
  FROM unnest(ARRAY['users', 'sessions', 'workspaces', 'chats', 'messages', 'push_subscriptions', 'pushes']) t;
ALTER TABLE chat_members ADD FOREIGN KEY (chat_id) REFERENCES chats NOT VALID,
    ADD FOREIGN KEY (user_id) REFERENCES users NOT VALID;
ALTER TABLE messages ADD FOREIGN KEY (chat_id) REFERENCES chats NOT VALID,
    ADD FOREIGN KEY (sender_id) REFERENCES users NOT VALID;
ANALYZE;
