// Lua that Redis runs as one step. Keys are made in some of them, so that Redis Cluster is not supported.

/** KEYS blob, holders, held, lock or ''; ARGV holder, sha256, keep, token or ''. -1: the lock is lost; 1: the blob is whole; 0: it is not. */
export const holdScript = `
if KEYS[4] ~= '' and redis.call('GET', KEYS[4]) ~= ARGV[4] then return -1 end
redis.call('SADD', KEYS[2], ARGV[1])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
redis.call('SADD', KEYS[3], ARGV[2])
redis.call('PEXPIRE', KEYS[3], ARGV[3])
if redis.call('HEXISTS', KEYS[1], 'bytes') == 0 then return 0 end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1`

/** `holdScript`, and the only piece of a small blob: KEYS as there; ARGV holder, sha256, keep, token or '', piece, bytes. -1: the lock is lost. */
export const putScript = `
if KEYS[4] ~= '' and redis.call('GET', KEYS[4]) ~= ARGV[4] then return -1 end
redis.call('SADD', KEYS[2], ARGV[1])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
redis.call('SADD', KEYS[3], ARGV[2])
redis.call('PEXPIRE', KEYS[3], ARGV[3])
if redis.call('HEXISTS', KEYS[1], 'bytes') == 0 then
  if tonumber(ARGV[6]) > 0 then redis.call('HSET', KEYS[1], '0', ARGV[5]) end
  redis.call('HSET', KEYS[1], 'bytes', ARGV[6])
end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1`

/** KEYS blob, holders; ARGV index, piece, keep. 1: stored; 0: another one has stored the whole meanwhile; -1: nobody needs it now. */
export const storeScript = `
if redis.call('HEXISTS', KEYS[1], 'bytes') == 1 then return 0 end
if redis.call('EXISTS', KEYS[2]) == 0 then return -1 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1`

/** KEYS blob; ARGV number of pieces, bytes, keep. 1: it is whole; 0: pieces of it were removed meanwhile. */
export const finishScript = `
if redis.call('HEXISTS', KEYS[1], 'bytes') == 1 then return 1 end
if redis.call('HLEN', KEYS[1]) ~= tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], 'bytes', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1`

/** KEYS blob; ARGV index, longest. The piece; nil where there is none, or a longer one than any piece is. */
export const pieceScript = `
if redis.call('HSTRLEN', KEYS[1], ARGV[1]) > tonumber(ARGV[2]) then return nil end
return redis.call('HGET', KEYS[1], ARGV[1])`

/** KEYS held; ARGV holder, what keys of blobs and of holders begin with, then the digests that stay. */
export const releaseScript = `
local kept = {}
for i = 4, #ARGV do kept[ARGV[i]] = true end
for _, digest in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  if not kept[digest] then
    redis.call('SREM', KEYS[1], digest)
    redis.call('SREM', ARGV[3] .. digest, ARGV[1])
    if redis.call('SCARD', ARGV[3] .. digest) == 0 then redis.call('UNLINK', ARGV[2] .. digest) end
  end
end
return 1`

/** KEYS held; ARGV keep, what keys of blobs and of holders begin with. */
export const renewScript = `
redis.call('PEXPIRE', KEYS[1], ARGV[1])
for _, digest in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  redis.call('PEXPIRE', ARGV[2] .. digest, ARGV[1])
  redis.call('PEXPIRE', ARGV[3] .. digest, ARGV[1])
end
return 1`
