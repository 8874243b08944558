#include "exporter/http/page/geometry.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace ssh_keepalive::http {
namespace {

using diagnosis::exactly;
using diagnosis::kNever;
using diagnosis::kNeverRange;
using diagnosis::Layer;
using diagnosis::LayerTimes;
using diagnosis::Policy;
using diagnosis::Seconds;

Policy policy_of(Seconds path, Seconds proxy = kNever) {
  Policy policy;
  policy.path = {.idle_timeout = path, .bytes_idle_timeout = proxy};
  return policy;
}

LayerTimes client_alive(const diagnosis::TimeRange& refresh) {
  return {.layer = Layer::kClientAlive,
          .subject = "sshd ssh.service",
          .refresh = refresh,
          .dead_peer = exactly(Seconds(720)),
          .idle_kill = {},
          .forgets = {},
          .source = {}};
}

TEST(Axis, IsLogarithmicAndHasEnds) {
  const Axis axis(Seconds(10), Seconds(1000));
  EXPECT_DOUBLE_EQ(axis.place(Seconds(10)), 0);
  EXPECT_DOUBLE_EQ(axis.place(Seconds(100)), 0.5);
  EXPECT_DOUBLE_EQ(axis.place(Seconds(1000)), 1);
  EXPECT_DOUBLE_EQ(axis.place(Seconds(0)), 0);
  EXPECT_DOUBLE_EQ(axis.place(Seconds(-1)), 0);
  EXPECT_DOUBLE_EQ(axis.place(kNever), 1);
}

TEST(AxisOf, HoldsAllTimesWithinReason) {
  const Axis plain = axis_of({}, policy_of(Seconds(300)));
  EXPECT_EQ(plain.from(), Seconds(30));
  EXPECT_EQ(plain.to(), Seconds(10'800));
  const Axis wide =
      axis_of({client_alive({Seconds(7), Seconds(86'400)})}, policy_of(kNever));
  EXPECT_LT(wide.from(), Seconds(7));
  EXPECT_GT(wide.to(), Seconds(86'400));
  const Axis bounded = axis_of({client_alive({Seconds(0), Seconds(1e300)})},
                               policy_of(Seconds(1e300)));
  EXPECT_EQ(bounded.from(), Seconds(1));
  EXPECT_EQ(bounded.to(), Seconds(30 * 86'400));
}

TEST(TicksOf, TheUsualOnesWithoutOverlap) {
  std::vector<std::string> labels;
  double last = -1;
  for (const Tick& tick : ticks_of(Axis(Seconds(30), Seconds(10'800)))) {
    labels.push_back(tick.label);
    EXPECT_GT(tick.place, last + 0.05);
    last = tick.place;
  }
  for (const char* wanted : {"1 min", "5 min", "1 h", "2 h"}) {
    EXPECT_NE(std::ranges::find(labels, wanted), labels.end()) << wanted;
  }
}

TEST(TicksOf, SomeOnAnyAxis) {
  for (const double to : {10'800.0, 1e5, 1e6, 30.0 * 86'400}) {
    for (const double from : {1.0, 10.0, 30.0}) {
      EXPECT_FALSE(ticks_of(Axis(Seconds(from), Seconds(to))).empty());
    }
  }
}

TEST(PictureOf, IntervalsAreIntervals) {
  const Picture picture = picture_of(
      {client_alive({Seconds(120), Seconds(240)})}, policy_of(Seconds(300)));
  ASSERT_EQ(picture.bars.size(), 1U);
  const Bar& bar = picture.bars[0];
  ASSERT_EQ(bar.marks.size(), 2U);
  EXPECT_EQ(bar.marks[0].kind, MarkKind::kRefresh);
  EXPECT_LT(bar.marks[0].from, bar.marks[0].to);
  EXPECT_FALSE(bar.marks[0].is_open);
  EXPECT_EQ(bar.marks[1].kind, MarkKind::kDeadPeer);
  EXPECT_EQ(bar.marks[1].from, bar.marks[1].to);
  EXPECT_FALSE(bar.end);  // a healthy peer answers
  EXPECT_FALSE(bar.is_late);
  EXPECT_FALSE(bar.is_off);
}

TEST(PictureOf, NeverIsNoMarkAndPerhapsNeverIsOpen) {
  LayerTimes off = client_alive(kNeverRange);
  off.dead_peer = kNeverRange;
  const Picture picture =
      picture_of({off, client_alive({Seconds(60), kNever})}, policy_of(kNever));
  EXPECT_TRUE(picture.bars[0].is_off);
  EXPECT_TRUE(picture.bars[0].marks.empty());
  EXPECT_FALSE(picture.bars[0].end);
  EXPECT_TRUE(picture.bars[1].marks[0].is_open);
  EXPECT_DOUBLE_EQ(picture.bars[1].marks[0].to, 1);
  EXPECT_TRUE(picture.paths.empty());
}

TEST(PictureOf, IdleKillEndsTheBar) {
  LayerTimes limit = client_alive(kNeverRange);
  limit.layer = Layer::kShellTimeout;
  limit.idle_kill = exactly(Seconds(900));
  const Picture picture = picture_of({limit}, policy_of(Seconds(300)));
  ASSERT_TRUE(picture.bars[0].end);
  EXPECT_GT(*picture.bars[0].end, picture.paths.at(0).place);
  limit.idle_kill = {Seconds(900), kNever};
  EXPECT_FALSE(picture_of({limit}, policy_of(Seconds(300))).bars[0].end);
}

TEST(PictureOf, LateIsBeyondThePath) {
  const auto is_late = [](const LayerTimes& layer, const Policy& policy) {
    return picture_of({layer}, policy).bars.at(0).is_late;
  };
  const LayerTimes messages = client_alive({Seconds(180), Seconds(360)});
  EXPECT_TRUE(is_late(messages, policy_of(Seconds(350))));
  EXPECT_FALSE(is_late(messages, policy_of(Seconds(360))));
  EXPECT_TRUE(is_late(messages, policy_of(kNever, Seconds(350))));
  EXPECT_FALSE(is_late(client_alive(kNeverRange), policy_of(Seconds(350))));
  LayerTimes probes = messages;
  probes.layer = Layer::kTcpKeepalive;  // a proxy does not count them
  EXPECT_FALSE(is_late(probes, policy_of(kNever, Seconds(350))));
}

TEST(PictureOf, ThePathIsALineThatSaysWhoSaysSo) {
  Policy policy = policy_of(Seconds(350), Seconds(3600));
  policy.path_source = diagnosis::PathSource::kDetected;
  LayerTimes path = client_alive(kNeverRange);
  path.layer = Layer::kPath;
  const Picture picture = picture_of({path}, policy);
  EXPECT_TRUE(picture.bars.empty());
  ASSERT_EQ(picture.paths.size(), 2U);
  EXPECT_EQ(picture.paths[0].label, "path forgets: 350 s (detected)");
  EXPECT_EQ(picture.paths[1].label, "proxy forgets: 3600 s (detected)");
  EXPECT_LT(picture.paths[0].place, picture.paths[1].place);
}

TEST(PictureOf, HasRoomForSoMany) {
  const std::vector<LayerTimes> many(kMaxBars + 3,
                                     client_alive({Seconds(60), Seconds(60)}));
  const Picture picture = picture_of(many, policy_of(Seconds(300)));
  EXPECT_EQ(picture.bars.size(), kMaxBars);
  EXPECT_EQ(picture.left_out, 3U);
}

}  // namespace
}  // namespace ssh_keepalive::http
