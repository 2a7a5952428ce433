# Runs a server for a parent process, and clears up after it however the parent ends.
#
# Arguments: DIRECTORY PROGRAM [ARGUMENT...]; the port is added as the last argument.
# Standard input: `start PORT`, and while the server runs the names of signals for it, one a line.
# Its end, closed by the parent or by the parent's death, means: kill the server, remove DIRECTORY.
# Standard output: `started PID` and `exited STATUS`. Standard error: the log.

directory=$1
shift
server=

# The parent may be gone when something is printed: that must not end this shell.
trap '' PIPE
trap '[ -z "$server" ] || kill -s KILL "$server"; rm -rf "$directory"; exit 1' HUP INT TERM
exec 3<&0 </dev/null

while read -r word port <&3; do
  [ "$word" = start ] || continue
  "$@" "$port" >&2 3<&- &
  server=$!
  echo "started $server"
  (
    while read -r signal <&3; do kill -s "$signal" "$server"; done
    kill -s KILL "$server"
  ) >/dev/null 2>&1 &
  listener=$!
  wait "$server"
  status=$?
  server=
  # No signal goes to a process id that may be another's by now.
  # KILL, for the shell may not have got as far as to drop the traps above in its subshell.
  kill -s KILL "$listener" 2>/dev/null
  wait "$listener" 2>/dev/null
  echo "exited $status"
done
rm -rf "$directory"
