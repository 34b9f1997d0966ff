#!/usr/bin/env bash
# Runs the two commands of README.md ("On a bare machine") in a new, bare Debian: no Python, an empty home.
#
#     bash tools/bare_debian.sh SUITE [FOLDER]      for example: bash tools/bare_debian.sh trixie
#
# Needs root, debootstrap and some 3 GB of disk. FOLDER holds the Debian and is kept: a second run starts from it.
# Without FOLDER a temporary one is made, and removed at the end.
#
#   MIRROR     where debootstrap finds the packages; without it, debootstrap's default
#   COMMANDS   which of the two commands to run: "1", "2" or "1 2" (the default)
#   TOX_ENV    which environments tox runs, for example lint,types; without it, all
#
# pip, uv and certificates are configured as on this machine: their files and variables are copied.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

stop() {
  echo "tools/bare_debian.sh: $1" >&2
  exit 2
}

suite=${1:-} root=${2:-}
[[ -n $suite ]] || stop "name the Debian suite, for example: bash tools/bare_debian.sh trixie"
[[ $(id -u) == 0 ]] || stop "debootstrap and chroot need root."
command -v debootstrap >/dev/null || stop "debootstrap is missing. Install it: apt-get install debootstrap"

# In a mount namespace of its own: what is mounted below is gone when this script ends, however it ends.
if [[ ${BARE_DEBIAN_NAMESPACE:-} != "$$" ]]; then
  exec unshare --mount --propagation private env BARE_DEBIAN_NAMESPACE=$$ bash "$0" "$@"
fi

mapfile -t commands < <(grep '^bash tools/bootstrap.sh ' README.md)
((${#commands[@]} == 2)) || stop "README.md should have two lines that begin with 'bash tools/bootstrap.sh'."

if [[ -z $root ]]; then
  root=$(mktemp --directory --tmpdir "bare-$suite.XXXXXX")
  chmod 755 "$root" # it becomes `/`, which some tests enter as another user
  trap 'umount --recursive "$root"/{proc,sys,dev} 2>/dev/null; rm -rf --one-file-system "$root"' EXIT
fi
if [[ ! -e $root/usr/bin/apt-get || -e $root/debootstrap ]]; then
  debootstrap --variant=minbase "$suite" "$root" ${MIRROR:+"$MIRROR"}
fi

# The network and the package index, as this machine has them.
for path in /etc/resolv.conf /etc/hosts /etc/pip.conf /etc/xdg/pip /etc/uv "$HOME"/.config/{pip,uv} \
  /usr/local/share/ca-certificates /etc/ssl/certs/ca-certificates.crt; do
  if [[ -e $path ]]; then
    to=$root${path/#"$HOME/.config"/\/etc/xdg} # the home stays empty
    mkdir -p "$(dirname "$to")"
    cp --recursive --dereference --no-target-directory "$path" "$to"
  fi
done

checkout=$root/srv/bronze-fixtures
rm -rf --one-file-system "$checkout" "$root/root"
mkdir -p "$checkout" "$root/root"
git ls-files --cached --others --exclude-standard -z | tar --create --null --files-from=- | tar --extract --directory "$checkout" --no-same-owner

mount -t proc proc "$root/proc"
mount --rbind /sys "$root/sys"
mount --rbind /dev "$root/dev"

kept=(PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8)
for name in $(compgen -e | grep -iE '^(PIP_|UV_|TOX_|.*_proxy$|SSL_CERT_FILE$)'); do kept+=("$name=${!name}"); done

for number in ${COMMANDS:-1 2}; do
  command=${commands[number - 1]}
  echo "$suite: $command"
  started=$SECONDS
  chroot "$root" env --ignore-environment "${kept[@]}" bash -c "cd /srv/bronze-fixtures && $command" </dev/null
  echo "$suite: done in $((SECONDS - started)) s"
done
