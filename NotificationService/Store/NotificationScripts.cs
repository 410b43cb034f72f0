namespace RealtimeSuite.Notifications.Store;

/// <summary>
/// The Lua of <see cref="NotificationStore"/>. Items are JSON that the suite wrote itself, flat, with quotes in texts escaped: the text
/// <c>"read":false</c> stands in it exactly when the item is unread.
/// </summary>
internal static class NotificationScripts
{
    private const string Unread = """"
        local mark = '"read":false'
        local function unread(item) return string.find(item, mark, 1, true) end

        """";

    // KEYS: index, items, unread, muted, memory of the event, queues. ARGV: id, time, JSON, category, whether for one user,
    // most kept, oldest time kept, seconds kept, seconds of memory, delivery, most deliveries waiting.
    // Answers {outcome, deliveries dropped}.
    public const string Add =
        Unread
        + """
            if redis.call('EXISTS', KEYS[5]) == 1 then return {1, 0} end
            redis.call('SET', KEYS[5], '1', 'EX', ARGV[9])
            local user = ARGV[5] == '1'
            if user and redis.call('SISMEMBER', KEYS[4], ARGV[4]) == 1 then return {2, 0} end

            redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
            redis.call('HSET', KEYS[2], ARGV[1], ARGV[3])
            if user then redis.call('INCR', KEYS[3]) end

            local old = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', '(' .. ARGV[7])
            local excess = redis.call('ZCARD', KEYS[1]) - tonumber(ARGV[6])
            if excess > #old then old = redis.call('ZRANGE', KEYS[1], 0, excess - 1) end
            for _, id in ipairs(old) do
              local item = redis.call('HGET', KEYS[2], id)
              if user and item and unread(item) then redis.call('DECR', KEYS[3]) end
              redis.call('HDEL', KEYS[2], id)
              redis.call('ZREM', KEYS[1], id)
            end
            redis.call('EXPIRE', KEYS[1], ARGV[8])
            redis.call('EXPIRE', KEYS[2], ARGV[8])
            if user then redis.call('EXPIRE', KEYS[3], ARGV[8]) end

            local dropped = 0
            for i = 6, #KEYS - 1 do
              if redis.call('ZCARD', KEYS[i]) < tonumber(ARGV[11]) then
                redis.call('ZADD', KEYS[i], ARGV[2], ARGV[10])
              else
                dropped = dropped + 1
              end
            end
            tell(1)
            return {0, dropped}
            """;

    // KEYS: the user's index, items, unread, broadcasts read, broadcasts hidden; then indexes of broadcasts. ARGV[1]: seconds that marks are kept.
    private const string Broadcasts = """
        local function broadcast(id)
          if redis.call('ZSCORE', KEYS[5], id) then return nil end
          for i = 6, #KEYS - 1 do
            local time = redis.call('ZSCORE', KEYS[i], id)
            if time then return time end
          end
        end

        -- What no list holds any more needs no mark.
        local function prune()
          local oldest
          for i = 6, #KEYS - 1 do
            local first = redis.call('ZRANGE', KEYS[i], 0, 0, 'WITHSCORES')[2]
            if first and (not oldest or tonumber(first) < tonumber(oldest)) then oldest = first end
          end
          for i = 4, 5 do
            if oldest then redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', '(' .. oldest) end
            redis.call('EXPIRE', KEYS[i], ARGV[1])
          end
        end

        """;

    // ARGV: seconds that marks are kept, how many ids, the ids. Event i tells of id i. Answers {found, changed}.
    public const string MarkRead =
        Unread
        + Broadcasts
        + """
            local found, changed = 0, 0
            for i = 1, tonumber(ARGV[2]) do
              local id = ARGV[i + 2]
              local item = redis.call('HGET', KEYS[2], id)
              local isNew = false
              if item then
                found = found + 1
                local from, to = unread(item)
                if from then
                  redis.call('HSET', KEYS[2], id, string.sub(item, 1, from - 1) .. '"read":true' .. string.sub(item, to + 1))
                  redis.call('DECR', KEYS[3])
                  isNew = true
                end
              else
                local time = broadcast(id)
                if time then
                  found = found + 1
                  isNew = redis.call('ZADD', KEYS[4], 'NX', time, id) == 1
                end
              end
              if isNew then
                changed = changed + 1
                tell(i)
              end
            end
            prune()
            return {found, changed}
            """;

    // ARGV: seconds that marks are kept, id. Answers {1} when it was there.
    public const string Delete =
        Unread
        + Broadcasts
        + """
            local id = ARGV[2]
            local item = redis.call('HGET', KEYS[2], id)
            if item then
              redis.call('HDEL', KEYS[2], id)
              redis.call('ZREM', KEYS[1], id)
              if unread(item) then
                redis.call('DECR', KEYS[3])
                tell(1)
              end
              return {1}
            end
            local time = broadcast(id)
            if not time then return {0} end
            redis.call('ZADD', KEYS[5], time, id)
            if not redis.call('ZSCORE', KEYS[4], id) then tell(1) end
            prune()
            return {1}
            """;
}
