# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# Completion: what ketones answers, and the real shells, in a terminal: bash, zsh, fish.
. tests/front/lib.sh
need "$python" python3

# answers WORD...: asks for these words; line WORD: there is one of this word.
answers() {
	"$KETONES" __complete ketones "$@" >"$work/out" || fail "__complete $*"
}
line() {
	cut -f 1 "$work/out" | grep -qxF -e "$1" || { fail "no '$1' among:"; head -n 5 "$work/out" >&2; }
}
no_line() {
	cut -f 1 "$work/out" | grep -qxF -e "$1" && fail "'$1' is there"
}

answers opensn
line opensnoop
answers ''
line ext4dist
line doctor
answers opensnoop --f
line --failed
line --flag-filter
no_line --json
# After an option its values, whichever way it is written; a list goes on behind its comma.
answers opensnoop --flag-filter O_CREAT,O_EX
line O_CREAT,O_EXCL
answers opensnoop --hook=f
line --hook=fentry
answers opensnoop --hook = f
line fentry
answers opensnoop -xp $$
line $$
grep -q "^$$	..*" "$work/out" || fail "no name of process $$"
answers opensnoop --uid roo
line root
answers opensnoop --columns pid,co
line pid,comm
answers opensnoop --output ''
line :files
answers opensnoop --exec ''
line :commands
answers doctor opensnoop bio
line biolatency
answers completion ''
line zsh
answers help shm
line shmsnoop
for disk in /sys/block/*; do
	[ "$(cat "$disk/size" 2>/dev/null || echo 0)" -gt 0 ] || continue
	answers biosnoop -d ''
	line "${disk##*/}"
	break
done
# A link completes as the tool does.
"$KETONES" __complete /usr/sbin/opensnoop --fa >"$work/out"
line --failed

# Kernel functions: the second time from the list that was kept, which nobody else may have written.
if [ -r /proc/kallsyms ] && grep -q ' [tT] vfs_read$' /proc/kallsyms; then
	answers funclatency vfs_rea
	line vfs_read
	[ -s "$work/cache/ketones/functions" ] || fail "no list of functions is kept"
	echo vfs_reached >>"$work/cache/ketones/functions"
	answers funclatency vfs_rea
	line vfs_reached
	# From the list in less than 100 ms: of the CPU, as machines may be busy. Sanitizers take longer.
	readelf -d "$KETONES" | grep -q NEEDED || "$python" - "$KETONES" >"$work/took" <<'END' || fail "an answer took $(cat "$work/took") s"
import os, subprocess, sys
for _ in range(10):
    subprocess.run([sys.argv[1], "__complete", "ketones", "funclatency", "vfs_rea"], stdout=subprocess.DEVNULL, check=True)
took = (os.times().children_user + os.times().children_system) / 10
print(took)
sys.exit(took > 0.1)
END
	sed -i '1s/^/x/' "$work/cache/ketones/functions"
	answers funclatency vfs_rea
	no_line vfs_reached
	line vfs_read
	chmod 777 "$work/cache/ketones"
	rm "$work/cache/ketones/functions"
	answers funclatency vfs_rea
	line vfs_read
	[ ! -e "$work/cache/ketones/functions" ] || fail "a list is kept where others may write"
fi

mkdir "$work/bin"
ln -s "$(readlink -f "$KETONES")" "$work/bin/ketones"
ln -s "$(readlink -f "$KETONES")" "$work/bin/opensnoop"
PATH=$work/bin:$PATH
tab() {
	"$python" tests/front/tab.py "$@" <"$work/keys" || fail "in a terminal: $2"
}
touch "$work/with space"
cat >"$work/keys" <<END
opensnoop|ketones opensn\t
--max-events|ketones opensnoop --max\t
only the calls that failed|ketones opensnoop --f\t\t
=fentry|ketones opensnoop --hook=fe\t
--full-path|opensnoop --fu\t
END
need bash bash
"$KETONES" completion bash opensnoop >"$work/bash"
bash -n "$work/bash" || fail "bash -n"
cp "$work/keys" "$work/most"
echo "/with\\ space|ketones opensnoop --output $work/with\\t" >>"$work/keys"
tab ". $work/bash" bash --norc --noprofile -i
need zsh zsh
"$KETONES" completion zsh opensnoop >"$work/zsh"
zsh -n "$work/zsh" || fail "zsh -n"
# As a file of $fpath, as packages bring it; or read, where it names itself as the last thing.
mkdir "$work/fpath"
cp "$work/zsh" "$work/fpath/_ketones"
cp "$work/most" "$work/keys"
# Of zsh's own functions only what this takes: it looks into each file otherwise, a thousand of them.
few='fpath=(${(M)fpath:#*/Completion} ${(M)fpath:#*/Completion/(Base|Zsh)})'
tab "$few; fpath+=$work/fpath; autoload -U compinit; compinit -u -D" zsh -f -i
head -n 1 "$work/most" >"$work/keys"
tab "$few; autoload -U compinit; compinit -u -D; . $work/zsh" zsh -f -i
need fish fish
"$KETONES" completion fish opensnoop >"$work/fish"
cat >"$work/fished" <<END
source $work/fish
complete -C 'ketones opensn'
complete -C 'ketones opensnoop --f'
complete -C 'ketones opensnoop --hook=fe'
complete -C 'opensnoop --fu'
complete -C 'ketones opensnoop --output $work/fis'
END
fish --no-config "$work/fished" >"$work/out" 2>"$work/err" || fail "fish"
[ ! -s "$work/err" ] || { fail "fish says:"; head -n 3 "$work/err" >&2; }
for word in opensnoop --failed --hook=fentry --full-path "$work/fish"; do
	line "$word"
done
done_testing
