-- Counts one more by each of several rules, or by none of them if one is used up. KEYS: one for each rule; ARGV: 1 to
-- count or 0 to look, then the amount and the seconds of each rule.
-- A key holds the number of a window of so many seconds, the count of that one and of the one before.
-- Answers whether it is within all of them, then for each rule both counts as they were, and the microseconds since its
-- window began. `fechatter/local_counts.py` is the same in Python, and `Rule` says what follows from it.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local found, windows, within = {0}, {}, true
for i, key in ipairs(KEYS) do
    local amount, length = tonumber(ARGV[2 * i]), ARGV[2 * i + 1] * 1000000
    local window = math.floor(now / length)
    local kept = redis.call('HMGET', key, 'window', 'count', 'before')
    local at, count, before = tonumber(kept[1] or -1), tonumber(kept[2] or 0), tonumber(kept[3] or 0)
    if at ~= window then
        before = at == window - 1 and count or 0
        count = 0
    end
    local into = now - window * length
    within = within and before * (1 - into / length) + count < amount
    windows[i] = window
    found[3 * i - 1], found[3 * i], found[3 * i + 1] = before, count, into
end
if not within then
    return found
end
found[1] = 1
if ARGV[1] == '1' then
    for i, key in ipairs(KEYS) do
        redis.call('HSET', key, 'window', windows[i], 'count', found[3 * i] + 1, 'before', found[3 * i - 1])
        redis.call('EXPIRE', key, 2 * ARGV[2 * i + 1])
    end
end
return found
