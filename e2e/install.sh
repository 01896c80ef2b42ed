#!/usr/bin/env bash
# Installs the programs of versions.env into one folder, E2E_BIN or the user's cache, with nothing but go.
# One that can't be had is named with the reason; whether it may be missing is for `run.js --require` and lint.js to say.
set -euo pipefail
cd "$(dirname "$0")"
# shellcheck source=versions.env
. ./versions.env

bin=${E2E_BIN:-${XDG_CACHE_HOME:-$HOME/.cache}/datadog-pipeline-events-e2e/bin}
command -v go >/dev/null || {
  echo 'go is missing: install Go 1.26 or later, then run this again.' >&2
  exit 1
}
mkdir -p "$bin"
bin=$(cd "$bin" && pwd)

words=$(mktemp)
work=$(mktemp -d)
trap 'chmod -R u+w "$work" && rm -rf "$work" "$words"' EXIT

install_act() {
  GOBIN=$bin go install "github.com/nektos/act@$1"
}

# `go install` refuses this module where the proxy does not list its versions, so it is built in its own folder, with the version in it.
install_gitea_runner() {
  local dir
  dir=$(go mod download -json "gitea.com/gitea/runner@$1" | sed -n 's/^[[:space:]]*"Dir": "\(.*\)",\{0,1\}$/\1/p')
  [ -n "$dir" ] && cp -R "$dir" "$work/gitea-runner" && chmod -R u+w "$work/gitea-runner" && cd "$work/gitea-runner" &&
    go build -mod=mod -buildvcs=false -ldflags "-X gitea.com/gitea/runner/internal/pkg/ver.version=$1" -o "$bin/gitea-runner" .
}

# The server has to be built in its own folder too (its go.mod replaces modules), and reads its pages' templates, its options and its
# public files from a folder at runtime. Those stay beside the program, which comes last: where it is, they are.
install_gitea() {
  local dir copy=$work/gitea
  command -v gcc >/dev/null || { echo 'gcc is missing: its database needs a C compiler' && return 1; }
  dir=$(go mod download -json "code.gitea.io/gitea@$1" | sed -n 's/^[[:space:]]*"Dir": "\(.*\)",\{0,1\}$/\1/p')
  [ -n "$dir" ] && cp -R "$dir" "$copy" && chmod -R u+w "$copy" && cd "$copy" &&
    CGO_ENABLED=1 go build -buildvcs=false -tags 'sqlite sqlite_unlock_notify' -ldflags "-X main.Version=${1#v}" -o "$work/gitea-server" . &&
    rm -rf "$bin/gitea-files" && mkdir "$bin/gitea-files" && mv templates options public "$bin/gitea-files" && mv "$work/gitea-server" "$bin/gitea"
}

# The module's program is called `runner`.
install_forgejo_runner() {
  GOBIN=$work go install "code.forgejo.org/forgejo/runner/v12@$1" && mv "$work/runner" "$bin/forgejo-runner"
}

install_actionlint() {
  GOBIN=$bin go install "github.com/rhysd/actionlint/cmd/actionlint@$1"
}

install() {
  local name=$1 version=$2 how=$3
  if [ -x "$bin/$name" ] && "$bin/$name" --version 2>&1 | grep -qF "${version#v}"; then
    echo "$name $version is there: $bin/$name"
  elif ("$how" "$version") >"$words" 2>&1; then
    echo "$name $version installed: $bin/$name"
  else
    # Go's own words, without the addresses that it was sent to.
    echo "$name $version can't be had: $(grep -v '^go: downloading ' "$words" | tail -n 3 | tr '\n' ' ' | sed -E 's#https?://[^ ]*#<address>#g')"
  fi
}

install act "$ACT_VERSION" install_act
install gitea-runner "$GITEA_RUNNER_VERSION" install_gitea_runner
install gitea "$GITEA_VERSION" install_gitea
install forgejo-runner "$FORGEJO_RUNNER_VERSION" install_forgejo_runner
install actionlint "$ACTIONLINT_VERSION" install_actionlint
