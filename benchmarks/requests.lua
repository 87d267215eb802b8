-- Send the requests of a file in turn, and print the answers as JSON. A line of the file has method, path, If-None-Match
-- and body, separated by tabs; `-` stands for none. Arguments: the file, and the API key.

local requests, at = {}, 0
local threads = {}
statuses = {}

function setup(thread)
  threads[#threads + 1] = thread
end

function init(arguments)
  for line in io.lines(arguments[1]) do
    local method, path, tag, body = line:match("^([^\t]*)\t([^\t]*)\t([^\t]*)\t(.*)$")
    local headers = {}
    if tag ~= "-" then headers["If-None-Match"] = tag end
    if body == "-" then
      body = nil
    else
      headers["Content-Type"] = "application/json"
      headers["Authorization"] = "Bearer " .. arguments[2]
    end
    requests[#requests + 1] = wrk.format(method, path, headers, body)
  end
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function response(status)
  statuses[status] = (statuses[status] or 0) + 1
end

function done(summary, latency)
  local counted = {}
  for _, thread in ipairs(threads) do
    for status, count in pairs(thread:get("statuses")) do
      counted[#counted + 1] = string.format('"%d": %d', status, count)
    end
  end
  local broken = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  io.write(string.format(
    '{"seconds": %f, "p50_ms": %f, "p99_ms": %f, "broken": %d, "statuses": {%s}}\n',
    summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, broken,
    table.concat(counted, ", ")))
end
