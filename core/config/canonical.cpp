#include "core/config/canonical.h"

#include <set>

#include "core/config/load.h"
#include "core/config/packed.h"
#include "core/config/print.h"
#include "core/config/write.h"

namespace holdfast::config {
namespace {

/// One of each block, with nothing said that need not be: what write() gives for it besides are the defaults.
constexpr const char* kSmallest = R"(global_defs {
}
vrrp_script seed {
    script /seed
}
vrrp_instance seed {
    interface seed0
    virtual_router_id 254
    virtual_ipaddress {
        192.0.2.254
    }
}
vrrp_track_process seed {
    process seed
}
track_file seed {
    file /seed
}
virtual_server_group seed {
    192.0.2.254 65534
}
virtual_server 192.0.2.254 65534 {
    real_server 192.0.2.254 65534 {
        TCP_CHECK {
        }
        HTTP_GET {
            url {
                path /seed
            }
        }
        SSL_GET {
            url {
                path /seed
            }
        }
        SMTP_CHECK {
        }
        DNS_CHECK {
        }
        UDP_CHECK {
        }
        PING_CHECK {
        }
        MISC_CHECK {
            misc_path /seed
        }
    }
}
)";

/// Lines with the keywords of the blocks around them.
class Defaults {
 public:
  Defaults() {
    MemoryFileSystem files;
    files.add("seed", kSmallest);
    const Loaded seed = load(files, "seed", {});
    collect(write(seed.config).roots, "", lines_);
    std::set<std::string> said;
    collect(seed.tree.roots, "", said);
    for (const std::string& line : said) lines_.erase(line);
  }
  bool has(const std::string& path, const Node& line) const { return lines_.contains(path + text(line)); }

 private:
  static std::string text(const Node& node) {
    std::string line;
    for (const std::string& word : node.words) line += word + '\n';
    return line;
  }
  static void collect(const std::vector<Node>& nodes, const std::string& path, std::set<std::string>& lines) {
    Unpacker unpacker;
    for (const Node& root : nodes) {
      const Node& node = unpacker.open(root);
      if (!node.block) lines.insert(path + text(node));
      collect(node.children, path + node.words.front() + '/', lines);
    }
  }
  std::set<std::string> lines_;
};

void append(const Node& node, int depth, const std::string& path, const Defaults& defaults, std::string& text) {
  const std::string indent(static_cast<std::size_t>(depth) * 4, ' ');
  text += indent + print_words(node);
  if (!prints_block(node)) {
    text += defaults.has(path, node) ? "  # default\n" : "\n";
    return;
  }
  text += " {\n";
  for (const Node& child : node.children) append(child, depth + 1, path + node.words.front() + '/', defaults, text);
  text += indent + "}\n";
}

}  // namespace

std::string canonical_text(const Config& config) {
  const Defaults defaults;
  std::string text;
  for (const Node& root : write(config).roots) append(root, 0, "", defaults, text);
  return text;
}

}  // namespace holdfast::config
