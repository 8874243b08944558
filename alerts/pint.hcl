# pint's checks of the rules, a job of .ci/run. Besides those that it does by
# itself, all that need no server are asked for; only rule/owner is not, which
# wants the names of people.

# A fleet's sums are by job and whatever else targets are labelled with.
rule {
  match {
    kind = "recording"
  }
  aggregate ".+" {
    severity = "bug"
    keep     = ["job"]
  }
  aggregate "instance(_.+)?:.+" {
    severity = "bug"
    keep     = ["instance"]
  }
  aggregate "job(_.+)?:.+" {
    severity = "bug"
    strip    = ["instance"]
  }
  reject ".+" {
    severity   = "bug"
    label_keys = true
    comment    = "Recordings keep the labels of their sources"
  }
}

rule {
  match {
    kind = "alerting"
  }
  label "severity" {
    severity = "bug"
    values   = ["critical", "warning", "info"]
    required = true
  }
  annotation "summary" {
    severity = "bug"
    value    = "[A-Z][^{}]+\\."
    required = true
  }
  annotation "description" {
    severity = "bug"
    value    = ".+\\$value.+ Remedy: .+"
    required = true
  }
  annotation "runbook_url" {
    severity = "bug"
    value    = "https://.+/docs/runbooks/{{ $alert }}\\.md"
    required = true
  }
  annotation "dashboard_url" {
    severity = "bug"
    value    = "/d/ssh-keepalive-.+"
    required = true
  }
  # Two scrapes of 60 s at least; three failed ones are bridged.
  for {
    severity = "bug"
    min      = "2m"
  }
  keep_firing_for {
    severity = "bug"
    min      = "5m"
  }
}
