/*
 * Turns files into C at build time. Runs on the build machine only.
 *
 *   embed sql ROOM OUT.h OUT.c FILE.sql…      named statements: "-- name: person_by_id" starts one;
 *                                             "-- scan: why" allows it a full scan (see the test).
 *   embed files NAME OUT.c ROOT FILE…         struct embedded_file NAME_files[], NAME_files_count
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void die(const char *what, const char *name)
{
    fprintf(stderr, "embed: %s: %s\n", what, name);
    exit(1);
}

static char *read_file(const char *path, size_t *length)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        die("cannot open", path);
    size_t cap = 1 << 16, len = 0;
    char *data = malloc(cap);
    size_t n;
    while (data && (n = fread(data + len, 1, cap - len - 1, f)) > 0) {
        len += n;
        if (cap - len < 4096)
            data = realloc(data, cap *= 2);
    }
    if (!data)
        die("out of memory", path);
    fclose(f);
    data[len] = 0;
    *length = len;
    return data;
}

static void put_c_string(FILE *out, const char *s)
{
    fputs("\"", out);
    for (; *s; s++) {
        if (*s == '\n')
            fputs("\\n\"\n    \"", out);
        else if (*s == '"' || *s == '\\')
            fprintf(out, "\\%c", *s);
        else
            fputc(*s, out);
    }
    fputs("\"", out);
}

static void end_statement(FILE *c, FILE *h, const char *room, const char *file, const char *name,
                          const char *scan, const char *text)
{
    if (!*name)
        return;
    fprintf(h, "extern const struct sql sql_%s;\n", name);
    fprintf(c, "const struct sql sql_%s = {\"%s\", \"%s\", ", name, name, file);
    put_c_string(c, text);
    if (*scan) {
        fputs(", ", c);
        put_c_string(c, scan);
        fputs("};\n", c);
    } else {
        fputs(", NULL};\n", c);
    }
    (void)room;
}

static int embed_sql(int argc, char **argv)
{
    const char *room = argv[2];
    FILE *h = fopen(argv[3], "w"), *c = fopen(argv[4], "w");
    if (!h || !c)
        die("cannot write", argv[3]);
    static char names[1024][64];
    int count = 0;
    fprintf(h,
            "/* Made from the .sql files of src/%s; do not edit. */\n#ifndef SQL_%s_H\n#define "
            "SQL_%s_H\n"
            "#include \"db/db.h\"\n",
            room, room, room);
    fprintf(c, "#include \"%s/sql.h\"\n", room);
    for (int i = 5; i < argc; i++) {
        size_t length;
        char *data = read_file(argv[i], &length);
        const char *base = strrchr(argv[i], '/') ? strrchr(argv[i], '/') + 1 : argv[i];
        char name[64] = "", scan[256] = "";
        char *text = calloc(1, length + 1);
        for (char *line = data, *next; line && *line; line = next) {
            next = strchr(line, '\n');
            if (next)
                *next++ = 0;
            if (strncmp(line, "-- name: ", 9) == 0) {
                end_statement(c, h, room, base, name, scan, text);
                text[0] = scan[0] = 0;
                if (strlen(line + 9) > 60 || count == 1024)
                    die("name too long or too many statements", line);
                strcpy(name, line + 9);
                for (int k = 0; k < count; k++)
                    if (strcmp(names[k], name) == 0)
                        die("two statements of one name", name);
                strcpy(names[count++], name);
            } else if (strncmp(line, "-- scan: ", 9) == 0 && strlen(line + 9) < sizeof scan) {
                strcpy(scan, line + 9);
            } else if (strncmp(line, "--", 2) != 0 && *line) {
                if (!*name)
                    die("statement without a name", argv[i]);
                strcat(text, line);
                strcat(text, "\n");
            }
        }
        end_statement(c, h, room, base, name, scan, text);
        free(text);
        free(data);
    }
    fprintf(h, "extern const struct sql *const sql_all_%s[];\n#endif\n", room);
    fprintf(c, "const struct sql *const sql_all_%s[] = {\n", room);
    for (int k = 0; k < count; k++)
        fprintf(c, "    &sql_%s,\n", names[k]);
    fputs("    NULL};\n", c);
    return fclose(h) || fclose(c);
}

static int embed_files(int argc, char **argv)
{
    const char *name = argv[2], *root = argv[4];
    FILE *c = fopen(argv[3], "w");
    if (!c)
        die("cannot write", argv[3]);
    fputs("#include \"base/embedded.h\"\n", c);
    for (int i = 5; i < argc; i++) {
        size_t length;
        char *data = read_file(argv[i], &length);
        fprintf(c, "static const unsigned char file_%d[] = {", i);
        for (size_t k = 0; k < length; k++)
            fprintf(c, k % 24 ? "%d," : "\n%d,", (unsigned char)data[k]);
        fputs("0};\n", c);
        free(data);
    }
    fprintf(c, "const struct embedded_file %s_files[] = {\n", name);
    for (int i = 5; i < argc; i++) {
        const char *path = argv[i];
        if (strncmp(path, root, strlen(root)) == 0)
            path += strlen(root) + 1;
        fprintf(c, "    {\"%s\", file_%d, sizeof file_%d - 1},\n", path, i, i);
    }
    fprintf(c, "    {0, 0, 0}};\nconst size_t %s_files_count = %d;\n", name, argc - 5);
    return fclose(c);
}

int main(int argc, char **argv)
{
    if (argc >= 5 && strcmp(argv[1], "sql") == 0)
        return embed_sql(argc, argv);
    if (argc >= 5 && strcmp(argv[1], "files") == 0)
        return embed_files(argc, argv);
    fputs("usage: embed sql ROOM OUT.h OUT.c FILE…\n       embed files NAME OUT.c ROOT FILE…\n",
          stderr);
    return 2;
}
