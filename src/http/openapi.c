/*
 * The route table as an OpenAPI 3.1 document. Every page is an API: the same path with
 * "Accept: application/json" gives the view that the HTML is drawn from. Members that begin with x-
 * say what OpenAPI has no word for: x-access (who may), x-unsafe, x-form-token, x-site-check.
 */
#include "base/json.h"
#include "http/internal.h"
#include <string.h>

static const char *const access_names[ACCESS__COUNT] = {
    "nobody", "public", "signed-in", "chair", "evaluator", "author", "administrator"};

static void put_choices(cJSON *schema, const char *choices)
{
    cJSON *list = json_array(schema, "enum");
    for (const char *p = choices ? choices : ""; *p;) {
        size_t n = strcspn(p, "|");
        char choice[65] = "";
        memcpy(choice, p, n < 64 ? n : 64);
        cJSON_AddItemToArray(list, cJSON_CreateString(choice));
        p += n + (p[n] == '|');
    }
}

static void put_schema(cJSON *owner, const struct field *f)
{
    cJSON *schema = json_object(owner, "schema");
    if (f->multiple) {
        json_put(schema, "type", "array");
        schema = json_object(schema, "items");
    }
    switch (f->type) {
    case FIELD_INTEGER:
        json_put(schema, "type", "integer");
        json_put_int(schema, "minimum", f->low);
        if (f->high)
            json_put_int(schema, "maximum", f->high);
        return;
    case FIELD_CHECKBOX:
        json_put(schema, "type", "boolean");
        return;
    case FIELD_ENUM:
        json_put(schema, "type", "string");
        put_choices(schema, f->choices);
        return;
    case FIELD_ID:
        json_put(schema, "type", "string");
        json_put(schema, "pattern", "^[A-Za-z0-9._-]{1,128}$");
        return;
    case FIELD_OPERATION:
        json_put(schema, "type", "string");
        json_put(schema, "pattern", "^[A-Za-z0-9-]{8,64}$");
        return;
    case FIELD_DATE:
    case FIELD_PASSWORD:
        json_put(schema, "format", f->type == FIELD_DATE ? "date" : "password");
        break;
    case FIELD_FILE:
        json_put(schema, "format", "binary");
        break;
    case FIELD_LINE:
    case FIELD_BLOCK:
    case FIELD_PATH:
        break;
    }
    json_put(schema, "type", "string");
    if (f->max || f->max_bytes)
        json_put_int(schema, "maxLength", (int64_t)(f->max ? f->max : f->max_bytes));
}

static void put_parameter(cJSON *list, const char *name, const char *in)
{
    cJSON *p = json_item(list);
    json_put(p, "name", name);
    json_put(p, "in", in);
    json_put_bool(p, "required", true);
    cJSON *schema = json_object(p, "schema");
    json_put(schema, "type", "string");
    json_put(schema, "pattern", "^[A-Za-z0-9._-]{1,128}$");
}

static void put_inputs(cJSON *operation, const struct row *row)
{
    const struct route *route = row->route;
    cJSON *parameters = json_array(operation, "parameters"), *properties = NULL, *required = NULL;
    char name[PARAM_MAX + 1];
    for (size_t i = 0; i < row->count; i++) {
        const struct segment *s = &row->segments[i];
        if (!s->parameter || s->text.n > PARAM_MAX)
            continue;
        memcpy(name, s->text.s, s->text.n);
        name[s->text.n] = 0;
        put_parameter(parameters, name, "path");
    }
    if (!method_is_safe(route->method)) {
        cJSON *content = json_object(json_object(operation, "requestBody"), "content");
        cJSON *form =
            json_object(content, route->flags & ROUTE_UPLOAD ? "multipart/form-data"
                                                             : "application/x-www-form-urlencoded");
        cJSON *json = json_object(content, "application/json");
        cJSON *schema = json_object(form, "schema");
        json_put(schema, "type", "object");
        properties = json_object(schema, "properties");
        required = json_array(schema, "required");
        cJSON_AddItemToObject(json, "schema", cJSON_CreateObject());
    }
    for (size_t i = 0; i < route->field_count; i++) {
        const struct field *f = &route->fields[i];
        if (properties) {
            cJSON *holder = cJSON_CreateObject();
            put_schema(holder, f);
            cJSON *schema = cJSON_DetachItemFromObjectCaseSensitive(holder, "schema");
            json_put(schema, "description", f->summary);
            cJSON_AddItemToObject(properties, f->name, schema);
            cJSON_Delete(holder);
            if (f->required)
                cJSON_AddItemToArray(required, cJSON_CreateString(f->name));
            continue;
        }
        cJSON *p = json_item(parameters);
        json_put(p, "name", f->name);
        json_put(p, "in", "query");
        json_put(p, "description", f->summary);
        json_put_bool(p, "required", f->required);
        put_schema(p, f);
    }
}

static void put_responses(cJSON *operation, const struct route *route)
{
    cJSON *responses = json_object(operation, "responses");
    bool unsafe = !method_is_safe(route->method);
    json_put(json_object(responses, "200"), "description", "The page, or its view as JSON");
    if (unsafe)
        json_put(json_object(responses, "303"), "description", "Done; go on there");
    cJSON *problem = json_object(responses, "default");
    json_put(problem, "description", "An error page, or a problem document (RFC 9457)");
    cJSON_AddItemToObject(json_object(problem, "content"), "application/problem+json",
                          cJSON_CreateObject());
}

static void put_operation(cJSON *paths, const struct row *row)
{
    static const char *const verbs[METHOD__COUNT] = {"get", "post", "put", "patch", "delete"};
    const struct route *route = row->route;
    bool unsafe = !method_is_safe(route->method);
    cJSON *path = cJSON_GetObjectItemCaseSensitive(paths, route->pattern);
    if (!path)
        path = json_object(paths, route->pattern);
    cJSON *operation = json_object(path, verbs[route->method]);
    json_put(operation, "summary", route->summary);
    json_put(operation, "x-access", access_names[route->who]);
    json_put_bool(operation, "x-unsafe", unsafe);
    json_put_bool(operation, "x-site-check", unsafe && !(route->flags & ROUTE_SELF_AUTHENTICATING));
    json_put_bool(operation, "x-form-token",
                  unsafe && !(route->flags & (ROUTE_SELF_AUTHENTICATING | ROUTE_NO_FORM_TOKEN)));
    put_inputs(operation, row);
    put_responses(operation, route);
}

int openapi_build(struct server *s, struct error *e)
{
    const struct settings *settings = s->options.settings;
    cJSON *doc = cJSON_CreateObject(), *info = json_object(doc, "info");
    struct buf out;
    json_put(doc, "openapi", "3.1.0");
    json_put(info, "title", settings->site_name);
    json_put(info, "version", s->options.build);
    json_put(
        info, "description",
        "Every page is also JSON: ask with Accept: application/json. Requests that change "
        "something come from this site's own pages and carry the form token of the page's view "
        "(page.form_token) as the field form_token or the header X-Form-Token.");
    json_put(json_item(json_array(doc, "servers")), "url", settings->origin);
    cJSON *paths = json_object(doc, "paths");
    for (size_t i = 0; i < s->router.count; i++)
        put_operation(paths, &s->router.rows[i]);
    buf_init(&out, 4 * 1024 * 1024);
    json_print(doc, &out);
    cJSON_Delete(doc);
    if (out.overflow) {
        buf_free(&out);
        return error_set(e, ERROR_INTERNAL, "the description of the routes is too long");
    }
    s->api_length = out.length;
    s->api = buf_detach(&out);
    return 0;
}
