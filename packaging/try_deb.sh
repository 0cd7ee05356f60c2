#!/bin/sh
# Proves a Debian package on a bare Debian 12: try_deb.sh DEB [OLDER_DEB]. Needs root and debootstrap.
# The root is kept in ROOT (by default build/bare) so that a second try is quick; its packages come from MIRROR.
set -eu
deb=$1 older=${2:-$1}
root=${ROOT:-$(dirname "$0")/../build/bare}
if [ ! -x "$root/usr/bin/dpkg" ]; then
  debootstrap --variant=minbase bookworm "$root" ${MIRROR:-}
fi
inside() { chroot "$root" env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }
quiet() { "$@" >/dev/null; }

mkdir -p "$root/proc" "$root/dev/shm"
mountpoint -q "$root/proc" || mount -t proc proc "$root/proc"
mountpoint -q "$root/dev/shm" || mount -t tmpfs tmpfs "$root/dev/shm"
trap 'umount "$root/proc" "$root/dev/shm" 2>/dev/null || true' EXIT
for file in null zero random urandom; do [ -e "$root/dev/$file" ] || cp -a "/dev/$file" "$root/dev/$file"; done
cp /etc/resolv.conf "$root/etc/resolv.conf" 2>/dev/null || true
cp "$deb" "$root/new.deb" && cp "$older" "$root/older.deb"

# What an earlier try left.
quiet inside apt-get purge -y -qq gsal
rm -rf "$root/root/kept" "$root/root/.config/gsal"

echo "== install, with nothing but what it depends on"
inside apt-get update -qq
quiet inside apt-get install -y -qq --no-install-recommends /older.deb
inside dpkg -s gsal | grep -E '^(Version|Installed-Size|Depends)'

echo "== self-test offscreen, without a network"
unshare -n chroot "$root" env -i HOME=/root PATH=/usr/bin:/bin LANG=C.UTF-8 gsal-app --selftest

echo "== a project, and settings"
inside gsal new /root/kept --name Kept --json
inside sh -c 'mkdir -p /root/.config/gsal && echo "[General]" > /root/.config/gsal/gsal.ini'

echo "== self-test under Xvfb, after an upgrade"
quiet inside apt-get install -y -qq --no-install-recommends --reinstall --allow-downgrades /new.deb
quiet inside apt-get install -y -qq --no-install-recommends xvfb xauth
unshare -n chroot "$root" env -i HOME=/root PATH=/usr/bin:/bin LANG=C.UTF-8 xvfb-run -a gsal-app --selftest
inside gsal cohort list /root/kept --json
test -f "$root/root/kept/project.sqlite" && test -f "$root/root/.config/gsal/gsal.ini"

echo "== removal"
quiet inside apt-get purge -y -qq gsal
left=$(inside find / -xdev -path '*gsal*' -not -path '/root/*' -not -path '/home/*' -not -path '/proc/*' -not -path '/var/log/*' -not -path '/tmp/*' || true)
[ -z "$left" ] || { echo "left behind: $left" >&2; exit 1; }
test -f "$root/root/kept/project.sqlite"
echo "clean; the project is still there"
