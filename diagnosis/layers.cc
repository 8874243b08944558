#include "diagnosis/layers.h"

#include "diagnosis/checks/ends.h"
#include "diagnosis/host_limits.h"
#include "diagnosis/keepalive_timer.h"
#include "diagnosis/retransmission.h"

namespace ssh_keepalive::diagnosis {
namespace {

LayerTimes layer_of(Layer layer, std::string subject,
                    std::optional<FileLine> source = {}) {
  return {.layer = layer,
          .subject = std::move(subject),
          .refresh = {},
          .dead_peer = {},
          .idle_kill = {},
          .forgets = {},
          .source = std::move(source)};
}

void add_kernel(const sysctl::FactsByNetns& kernel,
                std::vector<LayerTimes>& layers) {
  for (const auto& [netns, facts] : kernel) {
    const std::string subject = "namespace " + netns.text();
    if (const auto timer = keepalive_timer(facts)) {
      LayerTimes& one =
          layers.emplace_back(layer_of(Layer::kTcpKeepalive, subject));
      one.refresh = timer->refresh;
      one.dead_peer = keepalive_end(*timer);
    }
    if (const auto settings = retransmission_settings(facts)) {
      layers.emplace_back(layer_of(Layer::kRetransmissionLimit, subject))
          .dead_peer = retransmission_time(*settings);
    }
    if (facts.conntrack_established_seconds) {
      layers.emplace_back(layer_of(Layer::kConntrack, subject)).forgets =
          exactly(Seconds(
              static_cast<double>(*facts.conntrack_established_seconds)));
    }
  }
}

void add_limit(Layer layer, const std::string& subject,
               const std::optional<IdleLimit>& limit,
               std::vector<LayerTimes>& layers) {
  if (limit) {
    layers.emplace_back(layer_of(layer, subject, limit->source)).idle_kill =
        limit->time;
  }
}

void add_end(const ConfiguredEnd& end, std::vector<LayerTimes>& layers) {
  const std::string subject = subject_of(end);
  LayerTimes& messages =
      layers.emplace_back(layer_of(end.end.layer, subject, end.end.source));
  messages.refresh = end.end.refresh;
  messages.dead_peer = end.end.dead_peer;
  if (!end.end.healthy_end.is_never()) {
    messages.idle_kill = end.end.healthy_end;
  }
  add_limit(Layer::kChannelTimeout, subject + ", shells", end.end.shell_channel,
            layers);
  add_limit(Layer::kChannelTimeout, subject + ", commands",
            end.end.command_channel, layers);
  add_limit(Layer::kUnusedConnectionTimeout, subject, end.end.unused_connection,
            layers);
  add_limit(Layer::kChannelTimeout, subject, end.end.own_channel, layers);
  add_limit(Layer::kControlPersist, subject + ", a master",
            end.end.control_persist, layers);
  add_limit(Layer::kLoginGrace, subject, end.end.login_grace, layers);
}

void add_path(const Policy& policy, std::vector<LayerTimes>& layers) {
  const std::string source(name_of(policy.path_source));
  if (policy.path.idle_timeout != kNever) {
    layers.emplace_back(layer_of(Layer::kPath, source)).forgets =
        exactly(policy.path.idle_timeout);
  }
  if (policy.path.bytes_idle_timeout != kNever) {
    layers.emplace_back(layer_of(Layer::kPath, source + ", a proxy")).forgets =
        exactly(policy.path.bytes_idle_timeout);
  }
}

}  // namespace

bool is_off(const LayerTimes& layer) {
  return layer.refresh && layer.refresh->is_never() &&
         (!layer.dead_peer || layer.dead_peer->is_never()) && !layer.idle_kill;
}

std::vector<LayerTimes> layers_of(const Facts& facts, const Report& report) {
  std::vector<LayerTimes> layers;
  if (facts.sysctl) {
    add_kernel(*facts.sysctl, layers);
  }
  for (const ConfiguredEnd& end : report.configured) {
    add_end(end, layers);
  }
  if (facts.host) {
    const HostLimits limits = host_limits(*facts.host);
    add_limit(Layer::kStopIdleSession, "systemd-logind",
              limits.stop_idle_session, layers);
    add_limit(Layer::kShellTimeout, "bash", limits.bash, layers);
    add_limit(Layer::kShellTimeout, "zsh", limits.zsh, layers);
    add_limit(Layer::kShellTimeout, "tcsh", limits.tcsh, layers);
  }
  add_path(report.policy, layers);
  return layers;
}

}  // namespace ssh_keepalive::diagnosis
