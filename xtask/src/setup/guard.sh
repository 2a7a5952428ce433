# Runs one command of the installation for a parent process.
#
# Arguments: DIRECTORY PROGRAM [ARGUMENT...]. When standard input ends, by the parent's death, the
# command and all that it started are ended, and DIRECTORY is removed. This shell leads a process
# group of its own, which is how it finds them.

directory=$1
shift
gone=

# With the parent goes the reader of what is printed: the shell's own word on a command that was
# ended would then end the shell.
trap 'gone=yes; exec >/dev/null 2>&1' HUP INT TERM
exec 3<&0 </dev/null

"$@" 3<&- &
command=$!
(
  read -r _ <&3
  kill -s TERM 0
) >/dev/null 2>&1 &
listener=$!

wait "$command"
status=$?
if [ -z "$gone" ]; then
  kill -s KILL "$listener"
  exit "$status"
fi
# The signal above may have interrupted the wait rather than ended the command.
kill -s TERM "$command" 2>/dev/null
wait "$command"
# Compilers that are being ended may still write a file or two.
for _ in 1 2 3 4 5; do
  rm -rf "$directory" 2>/dev/null && break
  sleep 1
done
exit 1
