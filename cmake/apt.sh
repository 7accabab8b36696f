# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# Fetch packages of any Debian suite and architecture, installing nothing. To be sourced (POSIX sh).
#
# The machine's configuration stays as it is: lists and caches live in a directory of the caller's.
# The archive's address is the one that the machine's own sources name, and signatures are checked.

# kt_apt DIR ARCH COMMAND ARGS...: COMMAND (apt-get, apt-cache) on the private lists only.
kt_apt() {
	kt_apt_dir=$1 kt_apt_arch=$2 kt_apt_command=$3
	shift 3
	"$kt_apt_command" -q \
		-o Dir::Etc::SourceList="$kt_apt_dir/sources.list" -o Dir::Etc::SourceParts=/dev/null \
		-o Dir::Etc::Preferences=/dev/null -o Dir::Etc::PreferencesParts=/dev/null \
		-o Dir::State::Lists="$kt_apt_dir/lists" -o Dir::Cache="$kt_apt_dir/cache" \
		-o APT::Architecture="$kt_apt_arch" -o APT::Architectures="$kt_apt_arch" \
		-o APT::Sandbox::User="$(id -un)" -o Acquire::Languages=none "$@"
}

# kt_apt_lists DIR ARCH SUITE...: make or refresh (once a day) lists of these suites in DIR. One DIR
# holds one architecture. A suite that cannot be had is left out, with a line on stderr.
kt_apt_lists() {
	kt_dir=$1 kt_arch=$2
	shift 2
	mkdir -p "$kt_dir/lists/partial" "$kt_dir/cache/archives/partial" || return
	kt_own=$(apt-get update --print-uris | sed -n "s|^'\(.*\)/dists/\(.*\)/InRelease'.*|\2 \1|p")
	kt_keys=/usr/share/keyrings/debian-archive-keyring.gpg
	[ -e "$kt_keys" ] && kt_keys=" [signed-by=$kt_keys]" || kt_keys=
	for kt_suite; do
		# Security updates stand in an archive of their own, all other suites in the main one.
		case $kt_suite in
		*-security) kt_site=$(echo "$kt_own" | sed -n 's/^[^ ]*-security //p' | head -n 1) ;;
		*) kt_site=$(echo "$kt_own" | grep '/debian/*$' | grep -v '^[^ ]*-security ' |
			sed -n 's/^[^ ]* //p' | head -n 1) ;;
		esac
		if [ -n "$kt_site" ]; then
			echo "deb$kt_keys $kt_site $kt_suite main"
		else
			echo "apt: this machine's sources name no archive for '$kt_suite'" >&2
		fi
	done >"$kt_dir/sources.new"
	if cmp -s "$kt_dir/sources.new" "$kt_dir/sources.list" &&
		[ -n "$(find "$kt_dir/updated" -mmin -1440 2>/dev/null)" ]; then
		return 0
	fi
	mv "$kt_dir/sources.new" "$kt_dir/sources.list"
	# apt keeps what could be fetched when one suite of several fails, so that this is no error yet.
	if kt_apt "$kt_dir" "$kt_arch" apt-get update >"$kt_dir/update.log" 2>&1; then
		: >"$kt_dir/updated"
	else
		grep '^[EW]:' "$kt_dir/update.log" | sed 's/^/apt: /' >&2
	fi
}

# kt_apt_download DIR ARCH PATTERN...: download packages that belong together to the current
# directory. The first pattern is a shell glob with at most one '*'; the star of the others stands
# for the same text. The newest that downloads is taken: an index may name a file which is gone
# (404), then the next newest is tried. Prints the names of the files; 1 if there are none, with a
# line on stderr.
kt_apt_download() {
	kt_dir=$1 kt_arch=$2 kt_first=$3
	shift 2
	kt_list=$(kt_apt "$kt_dir" "$kt_arch" apt-cache pkgnames "${kt_first%%\**}" |
		while read -r kt_name; do
			# shellcheck disable=SC2254
			case $kt_name in $kt_first) echo "$kt_name" ;; esac
		done)
	# shellcheck disable=SC2086
	[ -n "$kt_list" ] && kt_list=$(kt_apt "$kt_dir" "$kt_arch" apt-cache madison $kt_list |
		awk '{ print $3, $1 }' | sort -rVu)
	kt_found=$(echo "$kt_list" | while read -r kt_version kt_name && [ -n "$kt_name" ]; do
		kt_star=${kt_name#"${kt_first%%\**}"}
		kt_star=${kt_star%"${kt_first##*\*}"}
		kt_set="$kt_name=$kt_version"
		for kt_pattern; do
			[ "$kt_pattern" = "$kt_first" ] && continue
			case $kt_pattern in
			*\**) kt_set="$kt_set ${kt_pattern%%\**}$kt_star${kt_pattern#*\*}" ;;
			*) kt_set="$kt_set $kt_pattern" ;;
			esac
		done
		rm -rf ./kt-partial && mkdir kt-partial
		# shellcheck disable=SC2086
		if (cd kt-partial && kt_apt "$kt_dir" "$kt_arch" apt-get download $kt_set) \
			>"$kt_dir/download.log" 2>&1; then
			ls kt-partial
			mv kt-partial/* .
			break
		fi
		echo "apt: cannot download '$kt_name' $kt_version:" \
			"$(grep '^E:' "$kt_dir/download.log" | head -n 1)" >&2
	done)
	rm -rf ./kt-partial
	if [ -z "$kt_found" ]; then
		echo "apt: no package '$kt_first' ($kt_arch) could be downloaded" >&2
		return 1
	fi
	echo "$kt_found"
}
