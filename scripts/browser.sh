#!/usr/bin/env bash
# Installs what the browser tests and the picture need and a bare Debian or Ubuntu has not: Chromium, and the picture's fonts.
set -euo pipefail

wanted=()
command -v "${CHROMIUM:-chromium}" chromium-browser google-chrome >/dev/null || wanted+=(chromium)
for font in Inter 'DejaVu Sans Mono'; do
  command -v fc-list >/dev/null && [ -n "$(fc-list "$font")" ] || wanted+=(fontconfig fonts-inter fonts-dejavu-core)
done
[ ${#wanted[@]} -gt 0 ] || { echo 'Chromium and the fonts are here' && exit 0; }

command -v apt-get >/dev/null || { echo "Install these first: ${wanted[*]}" && exit 1; }
as_root=()
[ "$(id -u)" = 0 ] || as_root=(sudo -n)
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" apt-get install -y -qq --no-install-recommends "${wanted[@]}" >/dev/null
fc-cache >/dev/null
echo "Installed: ${wanted[*]}"
