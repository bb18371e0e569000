#include "core/config/schema/line_rows.h"

namespace holdfast::config {

namespace {

RowInfo row(std::string keyword, Shape shape, std::string doc, std::string since, std::string otherwise = {}) {
  RowInfo made;
  made.keyword = std::move(keyword);
  made.doc = std::move(doc);
  made.expects = std::move(shape.expects);
  made.form = std::move(shape.form);
  made.since = std::move(since);
  made.otherwise = std::move(otherwise);
  return made;
}

const LineRows& group_lines() {
  static const LineRows lines{
      "virtual_server_group",
      "Addresses or firewall marks of a balanced service, one a line.",
      {row("(address)", "ADDRESS, ADDRESS-LAST, ADDRESS-ADDRESS or ADDRESS/BITS, then perhaps a port",
           "One address, or many that differ in the last octet (IPv6: the last 16 bits).", "1.0.2"),
       row("fwmark", "integer 1..4294967295, then perhaps inet or inet6", "Packets with this firewall mark.",
           "1.0.2")}};
  return lines;
}

const LineRows& linkbeat_lines() {
  static const LineRows lines{
      "linkbeat_interfaces",
      "Interfaces whose carrier is polled, one a line.",
      {row("(interface)", "an interface name, then perhaps " + linkbeat_method().describe(),
           "The interface, and how its carrier is asked for.", "2.0.13", "the first method that works")}};
  return lines;
}

const LineRows& delay_lines() {
  const Seconds delay = interface_delay();
  const Shape shape{"an interface name, then seconds down and perhaps seconds up",
                    {Form::Kind::Words, false, delay.form().least, delay.form().most, "s"}};
  static const LineRows lines{"interface_up_down_delays",
                              "How long a change of an interface must last before it counts, one interface a line.",
                              {row("(interface)", shape, "The interface and its two delays.", "2.2.3", "0")}};
  return lines;
}

const LineRows& mail_lines() {
  static const LineRows lines{"notification_email",
                              "Who gets mails, one address a line.",
                              {row("(address)", "a mail address, or `Name <address>`", "One recipient.", "0.5.3")}};
  return lines;
}

}  // namespace

const LineRows& directive_rows() {
  static const LineRows lines{
      "(pre-processor)",
      "What is done to the text before a line is a keyword.",
      {row("include", "a path or pattern", "Reads other files in this place; include_check says what is an error.",
           "1.1.14"),
       row("includer", "a path or pattern", "The same; what matches must be readable regular files.", "2.2.1"),
       row("includem", "a path or pattern", "The same; something must match.", "2.2.1"),
       row("includew", "a path or pattern", "The same; a pattern with wildcards must match.", "2.2.1"),
       row("includeb", "a path or pattern", "The same; each alternative in braces must match.", "2.2.1"),
       row("includea", "a path or pattern", "The same with all of these checks.", "2.2.1"),
       row("@ID", "the rest of the line", "The line counts only when -i says ID.", "1.3.0"),
       row("@^ID", "the rest of the line", "The line counts only when -i does not say ID.", "1.3.7"),
       row("$NAME=", "a text; a \\ at the end goes on in the next line", "Defines NAME.", "1.4.0"),
       row("$NAME | ${NAME}", "nothing", "Stands for the text of NAME.", "1.4.0"),
       row("${_PWD}", "nothing", "Folder of the file that is read.", "1.4.3"),
       row("${_INSTANCE}", "nothing", "What -i says, else the host name up to its first dot.", "2.0.1"),
       row("${_RANDOM [MIN [MAX]]}", "nothing", "A random number.", "2.0.15", "0..32767"),
       row("${_ENV NAME}", "nothing", "A variable of the environment.", "2.4.0"),
       row("${_HASH}", "nothing", "The character #.", "2.1.4"), row("${_BANG}", "nothing", "The character !.", "2.1.4"),
       row("~SEQ", "(VAR, [START, [STEP,]] END) TEXT", "The text once for each number.", "2.0.9"),
       row("~SEQx", "(VAR, [START, [STEP,]] END) TEXT", "The same with hexadecimal numbers.", "2.1.0"),
       row("~LST", "(VAR, V1, V2, ...) TEXT or ({A,B}, {1,2}, ...) TEXT", "The text once for each value.", "2.1.0")}};
  return lines;
}

std::vector<const LineRows*> line_rows() {
  return {&group_lines(), &linkbeat_lines(), &delay_lines(), &mail_lines()};
}

}  // namespace holdfast::config
