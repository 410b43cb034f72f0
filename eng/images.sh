#!/usr/bin/env bash
# Makes the container image of every service, as artifacts/images/NAME.tar, without a container engine. Load them with
# `docker load`, `podman load` or `minikube image load`.
#
#   TAG=1.0.0 eng/images.sh                     the tag; `local` otherwise
#   eng/images.sh --all-architectures           for x64 and arm64; for this machine's otherwise
#   BASE_IMAGE=registry.example.com/aspnet:10.0-noble-chiseled eng/images.sh
#                                               from a copy of the base image, where the original cannot be reached
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

readonly images=artifacts/images log=artifacts/images/publish.log
readonly base=${BASE_IMAGE:-mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled}

options=(--configuration Release --nologo --verbosity quiet -nodeReuse:false "-p:ContainerImageTag=${TAG:-local}" "-p:ContainerBaseImage=$base" -p:RequireBrowserScript=true)
[[ ${1:-} != --all-architectures ]] || options+=(-p:ContainerForAllArchitectures=true)

# image PROJECT NAME
image() {
  local file=$PWD/$images/$2.tar
  rm -f "$file"
  if ! dotnet publish "$1" "${options[@]}" -t:PublishContainer "-p:ContainerArchiveOutputPath=$file" >"$log" 2>&1; then
    ! grep -Eq 'CONTAINER(1013|1015|1016|2008)|UnableToAccessRegistry|HttpRequestException' "$log" ||
      fail "The image of $2 was not made: its base image $base cannot be reached. Run this where it can, or name a copy of it with BASE_IMAGE."
    cat "$log" >&2
    fail "The image of $2 was not made."
  fi
}

require_dotnet
offline_feed
! uses_offline_feed ||
  say "Some packages are substitutes of eng/offline: these images are for trying, not for a release."
mkdir -p "$images"
for project in Api:api WebSocketService:gateway NotificationService:notifications Web:web; do
  [[ ! -d ${project%:*} ]] || step "${project#*:}" image "${project%:*}" "${project#*:}"
done
rm -f "$log"
ls -l "$images"
