# Runs one command of the installation for a parent process.
#
# Arguments: DIRECTORY PROGRAM [ARGUMENT...]. When standard input ends, by the parent's death, the
# command and all that it started are ended, and DIRECTORY is removed. This shell leads a process
# group of its own, which is how it finds them.

directory=$1
shift
gone=

trap 'gone=yes' HUP INT TERM
exec 3<&0 </dev/null

"$@" 3<&- &
command=$!
# With the parent goes the reader of what is printed: the shell's own word on a command that was
# ended would then end the shell.
exec >/dev/null 2>&1
(
  read -r _ <&3
  kill -s TERM 0
) &
listener=$!

wait "$command"
status=$?
if [ -z "$gone" ]; then
  kill -s KILL "$listener"
  exit "$status"
fi
# The signal above may have interrupted the wait rather than ended the command.
kill -s TERM "$command"
wait "$command"
# Compilers that are being ended may still write a file or two.
for _ in 1 2 3 4 5; do
  rm -rf "$directory" && break
  sleep 1
done
exit 1
