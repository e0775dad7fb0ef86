/* The commands: each in its own file, with argv[0] the command's name; returns the exit code. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

/* What the whole process needs, once and first. */
void commands_start(void);

int cmd_check(int argc, char **argv);
int cmd_gift(int argc, char **argv);
int cmd_verify(int argc, char **argv);
int cmd_trust(int argc, char **argv);
int cmd_serve(int argc, char **argv);
int cmd_person(int argc, char **argv);
int cmd_demo(int argc, char **argv);
int cmd_backup(int argc, char **argv);
int cmd_restore(int argc, char **argv);
int cmd_publish(int argc, char **argv);
int cmd_audit(int argc, char **argv);
int cmd_certificate(int argc, char **argv);
int cmd_key(int argc, char **argv);
int cmd_log(int argc, char **argv);
int cmd_sunset(int argc, char **argv);

#endif
