#!/bin/sh
# Installs gsal from the unpacked archive: for all users as root, else for the one who runs it.
set -eu
prefix=${1:-}
if [ -z "$prefix" ]; then
  if [ "$(id -u)" = 0 ]; then prefix=/usr/local; else prefix=$HOME/.local; fi
fi
mkdir -p "$prefix/bin" "$prefix/lib" "$prefix/share"
rm -rf "$prefix/lib/gsal"
cp -a lib/gsal "$prefix/lib/gsal"
cp -a bin/. "$prefix/bin/"
cp -a share/. "$prefix/share/"
# A menu may not look where users keep their programs.
sed -i "s|^Exec=gsal-app|Exec=\"$prefix/bin/gsal-app\"|" "$prefix/share/applications/gsal.desktop"
cat > "$prefix/lib/gsal/uninstall.sh" <<EOF
#!/bin/sh
# Removes the program; projects and settings stay.
set -eu
rm -f "$prefix/bin/gsal" "$prefix/bin/gsal-app" "$prefix/share/applications/gsal.desktop"
rm -f "$prefix/share/mime/packages/gsal.xml" "$prefix/share/man/man1/gsal.1.gz" "$prefix/share/man/man1/gsal-app.1.gz"
rm -f "$prefix"/share/icons/hicolor/*/apps/gsal.png "$prefix/share/icons/hicolor/scalable/apps/gsal.svg"
rm -rf "$prefix/lib/gsal"
EOF
chmod +x "$prefix/lib/gsal/uninstall.sh"
for tool in "update-mime-database $prefix/share/mime" "update-desktop-database $prefix/share/applications"; do
  if command -v "${tool%% *}" >/dev/null; then $tool >/dev/null 2>&1 || true; fi
done
echo "gsal is installed: $prefix/bin/gsal-app. To remove it: $prefix/lib/gsal/uninstall.sh"
