#include "collectors/sessions/session.h"

namespace ssh_keepalive::sessions {

std::string_view name_of(Role role) {
  switch (role) {
    case Role::kServer:
      return "server";
    case Role::kClient:
      return "client";
    case Role::kForwarded:
      return "forwarded";
    case Role::kUnknown:
      break;
  }
  return "unknown";
}

std::string_view name_of(Phase phase) {
  switch (phase) {
    case Phase::kAuthenticated:
      return "authenticated";
    case Phase::kPreauth:
      return "preauth";
    case Phase::kUnknown:
      break;
  }
  return "unknown";
}

std::string_view name_of(Keepalive keepalive) {
  switch (keepalive) {
    case Keepalive::kOn:
      return "on";
    case Keepalive::kOff:
      return "off";
    case Keepalive::kHidden:
      break;
  }
  return "hidden";
}

std::string_view name_of(TimerKind kind) {
  switch (kind) {
    case TimerKind::kNone:
      return "none";
    case TimerKind::kRetransmit:
      return "retransmit";
    case TimerKind::kKeepalive:
      return "keepalive";
    case TimerKind::kZeroWindow:
      return "zero_window";
    case TimerKind::kOther:
      break;
  }
  return "other";
}

std::string_view name_of(TcpState state) {
  switch (state) {
    case TcpState::kEstablished:
      return "established";
    case TcpState::kCloseWait:
      return "close-wait";
    case TcpState::kListen:
      break;
  }
  return "listening";
}

std::string_view name_of(Implementation implementation) {
  switch (implementation) {
    case Implementation::kOpenSsh:
      return "openssh";
    case Implementation::kDropbear:
      return "dropbear";
    case Implementation::kOther:
      break;
  }
  return "other";
}

}  // namespace ssh_keepalive::sessions
