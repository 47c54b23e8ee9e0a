#!/usr/bin/env bash
# Makes the virtual environment and installs the package into it: `setup.sh core`, `studio` or `test`.
# On Debian and Ubuntu as root it also installs the system libraries; elsewhere it prints the line.
set -euo pipefail
cd "$(dirname "$0")/.."

what=${1:?core, studio or test}
venv=${VENV:-.venv}
python=${PYTHON:-python3}

# What Qt's wheel needs of the system to open a window (xcb), to draw and to play sound.
qt="libGL.so.1:libgl1 libglib-2.0.so.0:libglib2.0-0 libxcb.so.1:libxcb1
  libEGL.so.1:libegl1 libxkbcommon.so.0:libxkbcommon0 libfontconfig.so.1:libfontconfig1
  libfreetype.so.6:libfreetype6 libdbus-1.so.3:libdbus-1-3 libX11-xcb.so.1:libx11-xcb1
  libxcb-cursor.so.0:libxcb-cursor0 libxcb-icccm.so.4:libxcb-icccm4
  libxcb-image.so.0:libxcb-image0 libxcb-keysyms.so.1:libxcb-keysyms1
  libxcb-randr.so.0:libxcb-randr0 libxcb-render-util.so.0:libxcb-render-util0
  libxcb-shape.so.0:libxcb-shape0 libxcb-xkb.so.1:libxcb-xkb1
  libxkbcommon-x11.so.0:libxkbcommon-x11-0 libpulse.so.0:libpulse0"
case $what in
  core) extra="" libraries="" programs="" ;; # all of the core comes in wheels
  studio) extra="[studio]" libraries=$qt programs="fc-list:fontconfig" fonts="fonts-dejavu-core" ;;
  test)
    extra="[test]" libraries=$qt fonts="fonts-dejavu-core"
    programs="ffmpeg:ffmpeg fc-list:fontconfig Xvfb:xvfb xauth:xauth"
    ;;
  *) echo "setup.sh: unknown part '$what'" >&2; exit 2 ;;
esac

missing_packages() {
  # Read once: a pipe into `grep -q` would fail by SIGPIPE now and then.
  local pair known
  known=$(ldconfig -p)
  for pair in $libraries; do
    case $known in *"${pair%%:*} "*) ;; *) echo "${pair#*:}" ;; esac
  done
  for pair in $programs; do
    command -v "${pair%%:*}" >/dev/null || echo "${pair#*:}"
  done
  # A machine without a single font shows boxes for letters.
  if [ -n "${fonts:-}" ] && [ -z "$(fc-list 2>/dev/null || true)" ]; then echo "$fonts"; fi
}

if [ "$(uname -s)" = Linux ]; then
  export PATH="$PATH:/sbin:/usr/sbin"
  packages=$(missing_packages | tr '\n' ' ')
  if [ -n "$packages" ]; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
      apt-get update
      # shellcheck disable=SC2086 - a list of words is meant
      DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $packages
    else
      echo "System libraries are missing. On Debian or Ubuntu, run this line, then try again:" >&2
      echo "  sudo apt-get update && sudo apt-get install -y $packages" >&2
      exit 1
    fi
  fi
fi

if ! "$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'; then
  echo "Python 3.11, 3.12 or 3.13 is needed; name one: make PYTHON=python3.12 ..." >&2
  exit 1
fi
if [ ! -x "$venv/bin/pip" ] && ! "$python" -m venv "$venv"; then
  echo "No virtual environment could be made. On Debian or Ubuntu: sudo apt-get install python3-venv" >&2
  exit 1
fi

"$venv/bin/pip" install --quiet --disable-pip-version-check --editable ".$extra"
touch "$venv/.core" "$venv/.$what"
