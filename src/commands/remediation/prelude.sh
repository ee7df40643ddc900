set -euo pipefail
export AWS_PAGER=''

stop() {
  printf 'stopped: %s\n' "$*" >&2
  exit 1
}

for tool in aws jq; do
  command -v "$tool" >/dev/null || stop "there is no $tool on PATH"
done
account=$(aws sts get-caller-identity --query Account --output text)

# is_account ID: whether the credentials are of this account.
is_account() {
  [ "$account" = "$1" ] && return
  printf 'left alone: account %s, these credentials are of %s\n' "$1" "$account"
  return 1
}

# scan_on_push REGION REPOSITORY
scan_on_push() {
  local now
  now=$(aws ecr describe-repositories --registry-id "$account" --region "$1" --repository-names "$2" \
    --query 'repositories[0].imageScanningConfiguration.scanOnPush' --output text)
  case $now in
    True)
      printf 'is so already: %s scans on push\n' "$2"
      return
      ;;
    False) ;;
    *) stop "$2: scanOnPush is $now, captured was False" ;;
  esac
  aws ecr put-image-scanning-configuration --registry-id "$account" --region "$1" --repository-name "$2" \
    --image-scanning-configuration scanOnPush=true >/dev/null
  printf 'done: %s scans on push\n' "$2"
}

# change_statement REGION REPOSITORY NUMBER CAPTURED WANTED: the other statements stay as they are found.
change_statement() {
  local policy changed
  policy=$(aws ecr get-repository-policy --registry-id "$account" --region "$1" --repository-name "$2" \
    --query policyText --output text)
  changed=$(jq -c --argjson number "$3" --argjson captured "$4" --argjson wanted "$5" '
    if (.Statement | type) != "array" then error("no list of statements")
    elif .Statement[$number] == $wanted then ""
    elif .Statement[$number] == $captured then .Statement[$number] = $wanted
    else error("another statement") end' <<<"$policy") || stop "$2: statement $3 is not the one that was captured"
  if [ "$changed" = '""' ]; then
    printf 'is so already: %s, statement %s\n' "$2" "$3"
    return
  fi
  aws ecr set-repository-policy --registry-id "$account" --region "$1" --repository-name "$2" \
    --policy-text "$changed" >/dev/null
  printf 'done: %s, statement %s\n' "$2" "$3"
}
