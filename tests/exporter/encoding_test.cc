#include "exporter/http/encoding.h"

#include <gtest/gtest.h>
#include <zlib.h>

namespace ssh_keepalive::http {
namespace {

TEST(AcceptsGzip, ByQuality) {
  for (const char* yes :
       {"gzip", "GZIP", "x-gzip", "deflate, gzip", "gzip;q=0.5", "*",
        "gzip;q=1.0, identity; q=0.5", "identity;q=0, *;q=0.1",
        "gzip , deflate", "gzip ; q=0.001", "br, gzip;q=0.8, *;q=0"}) {
    EXPECT_TRUE(accepts_gzip(yes)) << yes;
  }
  for (const char* no :
       {"", "identity", "deflate", "gzip;q=0", "gzip;q=0.0", "*;q=0",
        "gzip;q=0, *", "gzip;q=0.1, identity;q=0.5", "notgzip", "gzipped",
        "gzip;q=2", "gzip;q=", "gzip;level=9", ";;;,,,", "gzip;q=nan"}) {
    EXPECT_FALSE(accepts_gzip(no)) << no;
  }
}

std::string gunzip(const std::string& bytes) {
  z_stream stream{};
  inflateInit2(&stream, 15 + 16);
  std::string text(1 << 20, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  text.resize(stream.total_out);
  inflateEnd(&stream);
  return text;
}

TEST(Gzip, ComesBackWhole) {
  for (const std::string& text :
       {std::string(), std::string("x"), std::string(500'000, 'm')}) {
    EXPECT_EQ(gunzip(gzip(text).value()), text);
  }
}

}  // namespace
}  // namespace ssh_keepalive::http
