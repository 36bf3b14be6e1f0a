-- Tells how many streams of a person one process has, if there is room for them. KEYS: the person's; ARGV: the process,
-- how many it has (0: none that others must know of), how many of them must have room (0: it is told in any case), how
-- many there may be over all processes, and the seconds for which this is believed.
-- A field is a process, its value how many and the second until which that is believed. Answers 1, or 0 if there is no
-- room: then nothing was told.
local now, others = tonumber(redis.call('TIME')[1]), 0
local kept = redis.call('HGETALL', KEYS[1])
for i = 1, #kept, 2 do
    local count, believed = string.match(kept[i + 1], '^(%d+) (%d+)$')
    if not believed or tonumber(believed) <= now then
        redis.call('HDEL', KEYS[1], kept[i])
    elseif kept[i] ~= ARGV[1] then
        others = others + count
    end
end
if ARGV[3] ~= '0' and others + ARGV[3] > tonumber(ARGV[4]) then
    return 0
end
if ARGV[2] == '0' then
    redis.call('HDEL', KEYS[1], ARGV[1])
else
    redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. ' ' .. (now + ARGV[5]))
    redis.call('EXPIRE', KEYS[1], ARGV[5])
end
return 1
